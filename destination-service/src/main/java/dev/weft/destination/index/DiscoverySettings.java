package dev.weft.destination.index;

import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.PortSet;

/**
 * What answers depend on besides objects.
 *
 * @param names the identities of this control plane
 * @param clusterDomain the domain of the cluster, as {@code cluster.local}
 * @param defaultOpaquePorts the opaque ports of whatever says nothing itself
 * @param h2Upgrade whether meshed endpoints are said to take HTTP/2
 * @param forceOpaqueTransport whether every meshed endpoint is reached by the transport header,
 *     rather than opaque ports only
 * @param ipv6 whether IPv6 addresses of pods are handed out, and preferred
 */
public record DiscoverySettings(
    IdentityNames names,
    String clusterDomain,
    PortSet defaultOpaquePorts,
    boolean h2Upgrade,
    boolean forceOpaqueTransport,
    boolean ipv6) {
  /** Every default. */
  public static final DiscoverySettings DEFAULT =
      new DiscoverySettings(
          IdentityNames.defaults(),
          IdentityNames.DEFAULT_TRUST_DOMAIN,
          PortSet.DEFAULT_OPAQUE,
          true,
          true,
          true);
}
