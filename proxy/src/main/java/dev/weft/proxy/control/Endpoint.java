package dev.weft.proxy.control;

import dev.weft.proxy.tls.PeerId;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place where a service is served, with all that discovery says of it. Immutable; two equal
 * endpoints are interchangeable, so an unchanged one keeps its connections.
 *
 * <p>Source: facts/proxy-api.md 16.3.
 *
 * @param address resolved address and port of the application
 * @param weight relative weight; 10 000 is ordinary
 * @param labels labels of the set and of the address merged, address labels winning; keys without
 *     {@code dst_}
 * @param tls how to speak mesh TLS with it, null for plaintext
 * @param hint what the endpoint's proxy understands
 * @param opaqueTransportPort the inbound port of the endpoint's proxy if it takes transport
 *     headers, else 0
 * @param authorityOverride the authority to send instead of the client's, or null
 * @param http2 settings for HTTP/2 connections to it
 */
public record Endpoint(
    InetSocketAddress address,
    int weight,
    Map<String, String> labels,
    @Nullable EndpointTls tls,
    Hint hint,
    int opaqueTransportPort,
    @Nullable String authorityOverride,
    Http2Params http2) {

  /** The label that says where an endpoint is, seen from this proxy. */
  private static final String ZONE_LOCALITY = "zone_locality";

  /** Weight of an endpoint of which nothing else is said. */
  public static final int DEFAULT_WEIGHT = 10_000;

  public Endpoint {
    labels = Map.copyOf(labels);
  }

  /** An endpoint of which only the address is known. */
  public static Endpoint plain(InetSocketAddress address) {
    return new Endpoint(
        address, DEFAULT_WEIGHT, Map.of(), null, Hint.NONE, 0, null, Http2Params.DEFAULT);
  }

  /** Whether it is known to be in another zone than this proxy. */
  public boolean inOtherZone() {
    return "remote".equals(labels.get(ZONE_LOCALITY));
  }

  /** How much traffic it is meant to get beside an ordinary endpoint; above 0. */
  public double share() {
    return Math.max(1, weight) / (double) DEFAULT_WEIGHT;
  }

  /** What the proxy in front of an endpoint understands. */
  public enum Hint {
    /** Nothing is known. */
    NONE,
    /** It takes HTTP/1 carried over HTTP/2. */
    H2,
    /** It must not look into the bytes. */
    OPAQUE
  }

  /**
   * Mesh TLS of an endpoint.
   *
   * @param identity the identity its certificate must carry
   * @param serverName the SNI to send
   */
  public record EndpointTls(PeerId identity, String serverName) {}

  /** An address as {@code ip:port}, IPv6 in brackets. */
  public static String text(InetSocketAddress address) {
    String ip = NetUtil.toAddressString(address.getAddress());
    return address.getAddress() instanceof Inet6Address
        ? "[" + ip + "]:" + address.getPort()
        : ip + ":" + address.getPort();
  }
}
