package dev.weft.policy.outbound.compile;

import dev.weft.mesh.Authority;
import dev.weft.mesh.PortRange;
import dev.weft.mesh.ServiceName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A port of a Service, which need neither exist.
 *
 * @param service the Service
 * @param port 1 to 65535
 */
public record ServicePort(ServiceName service, int port) {
  /** The port of an authority without one. */
  public static final int DEFAULT_PORT = 80;

  /** Checks the port. */
  public ServicePort {
    if (port < 1 || port > PortRange.MAX_PORT) {
      throw new IllegalArgumentException(
          "service port " + port + " refused; fix: 1 to " + PortRange.MAX_PORT);
    }
  }

  /**
   * The Service behind a name {@code <service>.<namespace>.svc[.<anything>][:port]}; empty for any
   * other name. Trailing dots do not count; letter case does not either.
   */
  public static Optional<ServicePort> of(Authority authority, String clusterDomain) {
    String host = authority.host().toLowerCase(Locale.ROOT);
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    String suffix = "." + clusterDomain;
    if (host.endsWith(suffix)) {
      host = host.substring(0, host.length() - suffix.length());
    }
    List<String> labels = List.of(host.split("\\.", -1));
    if (labels.size() < 3
        || !labels.get(2).equals("svc")
        || labels.get(0).isEmpty()
        || labels.get(1).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ServicePort(
            new ServiceName(labels.get(1), labels.get(0)), authority.portOr(DEFAULT_PORT)));
  }

  /** What discovery is asked for: {@code name.namespace.svc.<clusterDomain>:port}. */
  public String authority(String clusterDomain) {
    return service.fqdn(clusterDomain) + ":" + port;
  }
}
