package dev.weft.mesh.resource;

import dev.weft.mesh.IpAddr;
import java.util.List;
import java.util.Optional;

/**
 * A workload outside the cluster.
 *
 * @param meta metadata
 * @param spec what it is
 * @param conditions what was observed
 */
public record ExternalWorkload(ObjectMeta meta, Spec spec, List<Condition> conditions)
    implements Resource {
  /** Copies the list. */
  public ExternalWorkload {
    conditions = List.copyOf(conditions);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.EXTERNAL_WORKLOAD;
  }

  /** Whether its {@code Ready} condition holds. */
  public boolean isReady() {
    return conditions.stream().anyMatch(condition -> condition.holds("Ready"));
  }

  /**
   * What it is.
   *
   * @param identity the identity of its proxy, a URI such as {@code spiffe://...} or a DNS name
   * @param serverName the name to ask its proxy for (SNI)
   * @param ports its ports
   * @param workloadIps its addresses
   */
  public record Spec(
      String identity, String serverName, List<Port> ports, List<IpAddr> workloadIps) {
    /** Copies the lists. */
    public Spec {
      ports = List.copyOf(ports);
      workloadIps = List.copyOf(workloadIps);
    }

    /** The declared port of this name, if there is one. */
    public Optional<Port> port(String name) {
      return ports.stream().filter(port -> port.name().equals(name)).findFirst();
    }
  }

  /**
   * A port.
   *
   * @param name the name; may be empty
   * @param port the number
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   */
  public record Port(String name, int port, String protocol) {}
}
