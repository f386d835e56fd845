package dev.weft.proxy.config;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the inbound side.
 *
 * @param listenAddress a resolved address
 * @param path what both sides have
 * @param ips original destinations that are ours; empty for any
 * @param ports ports whose policy is watched from the start
 * @param opaquePorts ports which are opaque until a policy says otherwise
 * @param defaultPolicy in force for a port until its policy is known
 * @param clusterNetworks the clients of the {@code cluster-*} default policies
 * @param gatewaySuffixes names this proxy is a gateway for; matching none where it is no gateway
 * @param authorityLabels whether metrics carry what clients sent as authority
 * @param forwardIp where applications are reached whatever the original destination was, or null to
 *     dial the original destination
 * @param denialDetail who is told why policy denies a request
 */
public record InboundConfig(
    InetSocketAddress listenAddress,
    DataPathConfig path,
    Set<IpAddr> ips,
    PortSet ports,
    PortSet opaquePorts,
    DefaultInboundPolicy defaultPolicy,
    List<Cidr> clusterNetworks,
    DnsSuffixes gatewaySuffixes,
    boolean authorityLabels,
    @Nullable InetAddress forwardIp,
    DenialDetail denialDetail) {

  public InboundConfig {
    ips = Set.copyOf(ips);
    clusterNetworks = List.copyOf(clusterNetworks);
  }
}
