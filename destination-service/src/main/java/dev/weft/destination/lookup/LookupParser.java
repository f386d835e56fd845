package dev.weft.destination.lookup;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import java.util.List;
import java.util.Optional;

/**
 * Reads the {@code path} of a request: {@code host[:port]}, the port being 80 where none is
 * written. The host is an IP literal, {@code <service>.<namespace>.svc.<clusterDomain>} or {@code
 * <instance>.<service>...}, compared exactly: case counts, and neither a trailing dot nor a short
 * form is accepted.
 *
 * <p>Immutable. Source: {@code destination.proto} and the behaviour of its reference server.
 */
public final class LookupParser {
  private static final int DEFAULT_PORT = 80;

  private final String suffix;

  /**
   * @param clusterDomain the domain of the cluster, as {@code cluster.local}
   */
  public LookupParser(String clusterDomain) {
    suffix = ".svc." + clusterDomain;
  }

  /** Reads a path; empty if it is none. */
  public Optional<Lookup> parse(String path) {
    return Authority.tryParse(path).flatMap(this::lookup);
  }

  private Optional<Lookup> lookup(Authority authority) {
    int port = authority.portOr(DEFAULT_PORT);
    Optional<IpAddr> ip = authority.ip();
    if (ip.isPresent()) {
      return Optional.of(new Lookup.OfAddress(ip.get(), port));
    }
    String host = authority.host();
    if (!host.endsWith(suffix)) {
      return Optional.empty();
    }
    List<String> labels =
        List.of(host.substring(0, host.length() - suffix.length()).split("\\.", -1));
    if (labels.contains("")) {
      return Optional.empty();
    }
    return switch (labels.size()) {
      case 2 -> {
        ServiceName service = new ServiceName(labels.get(1), labels.get(0));
        yield Optional.of(new Lookup.OfService(service, host, port));
      }
      case 3 -> {
        ServiceName service = new ServiceName(labels.get(2), labels.get(1));
        yield Optional.of(new Lookup.OfInstance(service, labels.get(0), port));
      }
      default -> Optional.empty();
    };
  }
}
