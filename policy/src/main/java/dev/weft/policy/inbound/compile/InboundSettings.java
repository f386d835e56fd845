package dev.weft.policy.inbound.compile;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.Network;
import java.util.List;

/**
 * What inbound policies depend on besides objects.
 *
 * @param identities how identities of this mesh are spelled
 * @param defaultPolicy for ports without a Server, where the workload does not say otherwise
 * @param clusterNetworks the addresses of the cluster, at least one
 * @param probeNetworks where probes come from; none opens nothing for probes
 * @param acceptance what makes a route or rate limit count
 */
public record InboundSettings(
    IdentityNames identities,
    DefaultInboundPolicy defaultPolicy,
    List<Network> clusterNetworks,
    List<Network> probeNetworks,
    Acceptance acceptance) {
  /** Copies the lists, refuses an empty cluster. */
  public InboundSettings {
    clusterNetworks = List.copyOf(clusterNetworks);
    probeNetworks = List.copyOf(probeNetworks);
    if (clusterNetworks.isEmpty()) {
      throw new IllegalArgumentException(
          "cluster networks refused; cause: none given; fix: name at least one network");
    }
  }

  /** What makes a route or rate limit count. */
  public enum Acceptance {
    /** Its status says that it is accepted, as the contract asks where a controller writes it. */
    STATUS,
    /** Its specification alone, where nobody writes status: a directory of manifests. */
    SPEC
  }
}
