package dev.weft.mesh.resource;

import dev.weft.mesh.Network;
import java.util.List;
import java.util.Optional;

/**
 * Destinations outside the cluster.
 *
 * @param meta metadata
 * @param trafficPolicy what happens to traffic no route names
 * @param networks the destinations; empty optional for everything outside the cluster's networks
 * @param conditions what was observed
 */
public record EgressNetwork(
    ObjectMeta meta,
    TrafficPolicy trafficPolicy,
    Optional<List<Network>> networks,
    List<Condition> conditions)
    implements Resource {
  /** Copies the lists. */
  public EgressNetwork {
    networks = networks.map(List::copyOf);
    conditions = List.copyOf(conditions);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.EGRESS_NETWORK;
  }

  /** What happens to traffic no route names. */
  public enum TrafficPolicy {
    /** It passes. */
    ALLOW("Allow"),
    /** It is refused. */
    DENY("Deny");

    private final String text;

    TrafficPolicy(String text) {
      this.text = text;
    }

    /** The spelling in manifests. */
    @Override
    public String toString() {
      return text;
    }
  }
}
