package dev.weft.proxy.config;

import dev.weft.mesh.IpAddr;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * Settings of the outbound side.
 *
 * @param listenAddresses one or two resolved addresses
 * @param path what both sides have
 * @param localIps endpoints at these addresses are ourselves: no TLS, no transport header
 * @param tcpQueue connections waiting for an endpoint
 * @param ingressMode whether targets are chosen per request
 * @param informationalHeaders whether synthesised responses carry {@code l5d-proxy-error} and
 *     {@code l5d-proxy-connection}
 * @param balance what counts in choosing among endpoints
 * @param hostnameLabels whether route metrics carry the request's host
 */
public record OutboundConfig(
    List<InetSocketAddress> listenAddresses,
    DataPathConfig path,
    Set<IpAddr> localIps,
    QueueConfig tcpQueue,
    boolean ingressMode,
    boolean informationalHeaders,
    BalanceConfig balance,
    boolean hostnameLabels) {

  public OutboundConfig {
    listenAddresses = List.copyOf(listenAddresses);
    localIps = Set.copyOf(localIps);
  }
}
