package dev.weft.policy.outbound.compile;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import java.util.List;

/**
 * What outbound policies depend on besides objects.
 *
 * @param clusterDomain the suffix of Service names, without dots at its ends
 * @param clusterNetworks the addresses of the cluster
 * @param opaquePorts ports whose bytes are not looked into, where a Service does not say
 */
public record OutboundSettings(
    String clusterDomain, List<Cidr> clusterNetworks, PortSet opaquePorts) {
  /** Copies the list. */
  public OutboundSettings {
    clusterNetworks = List.copyOf(clusterNetworks);
  }

  /** Whether the address is one of the cluster's. */
  public boolean isInCluster(IpAddr address) {
    return clusterNetworks.stream().anyMatch(network -> network.contains(address));
  }
}
