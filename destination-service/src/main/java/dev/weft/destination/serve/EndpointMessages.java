package dev.weft.destination.serve;

import dev.weft.api.destination.AddrSet;
import dev.weft.api.destination.AuthorityOverride;
import dev.weft.api.destination.Http2ClientParams;
import dev.weft.api.destination.NoEndpoints;
import dev.weft.api.destination.ProtocolHint;
import dev.weft.api.destination.TlsIdentity;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.destination.WeightedAddrSet;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPv6;
import dev.weft.api.net.TcpAddress;
import dev.weft.destination.index.Endpoint;
import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.PeerIdentity;
import dev.weft.mesh.IpAddr;
import java.util.Collection;
import java.util.Map;

/** Endpoints on the wire. Immutable. Source: {@code destination.proto}. */
final class EndpointMessages {
  private static final int WEIGHT = 10_000;

  private final Http2ClientParams http2;

  /**
   * @param http2 the settings that meshed endpoints carry
   */
  EndpointMessages(Http2ClientParams http2) {
    this.http2 = http2;
  }

  /** An endpoint as a client of this zone sees it. */
  WeightedAddr weighted(Endpoint endpoint, String clientZone) {
    return builder(endpoint)
        .putMetricLabels("zone_locality", locality(endpoint.place().zone(), clientZone))
        .build();
  }

  private static String locality(String endpointZone, String clientZone) {
    if (endpointZone.isEmpty() || clientZone.isEmpty()) {
      return "unknown";
    }
    return endpointZone.equals(clientZone) ? "local" : "remote";
  }

  /** An endpoint that is looked up by itself. */
  WeightedAddr single(Endpoint endpoint, String namespace) {
    WeightedAddr.Builder builder = builder(endpoint);
    if (!namespace.isEmpty()) {
      builder.putMetricLabels("namespace", namespace);
    }
    return builder.build();
  }

  private WeightedAddr.Builder builder(Endpoint endpoint) {
    WeightedAddr.Builder builder =
        WeightedAddr.newBuilder()
            .setAddr(address(endpoint.address()))
            .setWeight(WEIGHT)
            .putAllMetricLabels(endpoint.labels());
    endpoint.identity().ifPresent(identity -> builder.setTlsIdentity(identity(identity)));
    ProtocolHint hint = hint(endpoint);
    if (!hint.equals(ProtocolHint.getDefaultInstance())) {
      builder.setProtocolHint(hint);
    }
    if (endpoint.tunedHttp2()) {
      builder.setHttp2(http2);
    }
    if (!endpoint.authorityOverride().isEmpty()) {
      builder.setAuthorityOverride(
          AuthorityOverride.newBuilder().setAuthorityOverride(endpoint.authorityOverride()));
    }
    return builder;
  }

  private static TlsIdentity identity(PeerIdentity identity) {
    TlsIdentity.Builder builder = TlsIdentity.newBuilder();
    switch (identity) {
      case PeerIdentity.Dns(String name, String serverName) -> {
        builder.setDnsLikeIdentity(dns(name));
        if (!serverName.isEmpty()) {
          builder.setServerName(dns(serverName));
        }
      }
      case PeerIdentity.Uri(String uri, String serverName) ->
          builder
              .setUriLikeIdentity(TlsIdentity.UriLikeIdentity.newBuilder().setUri(uri))
              .setServerName(dns(serverName));
    }
    return builder.build();
  }

  private static TlsIdentity.DnsLikeIdentity dns(String name) {
    return TlsIdentity.DnsLikeIdentity.newBuilder().setName(name).build();
  }

  private static ProtocolHint hint(Endpoint endpoint) {
    ProtocolHint.Builder hint = ProtocolHint.newBuilder();
    switch (endpoint.hint()) {
      case NONE -> {}
      case H2 -> hint.setH2(ProtocolHint.H2.getDefaultInstance());
      case OPAQUE -> hint.setOpaque(ProtocolHint.Opaque.getDefaultInstance());
    }
    if (endpoint.opaqueTransportPort() != 0) {
      hint.setOpaqueTransport(
          ProtocolHint.OpaqueTransport.newBuilder().setInboundPort(endpoint.opaqueTransportPort()));
    }
    return hint.build();
  }

  static TcpAddress address(Address address) {
    return TcpAddress.newBuilder().setIp(ip(address.ip())).setPort(address.port()).build();
  }

  private static IPAddress ip(IpAddr ip) {
    return ip.isV4()
        ? IPAddress.newBuilder().setIpv4(ip.v4Bits()).build()
        : IPAddress.newBuilder()
            .setIpv6(IPv6.newBuilder().setFirst(ip.high()).setLast(ip.low()))
            .build();
  }

  Update add(Collection<Endpoint> endpoints, Map<String, String> labels, String clientZone) {
    WeightedAddrSet.Builder set = WeightedAddrSet.newBuilder().putAllMetricLabels(labels);
    endpoints.forEach(endpoint -> set.addAddrs(weighted(endpoint, clientZone)));
    return Update.newBuilder().setAdd(set).build();
  }

  static Update remove(Collection<Address> addresses) {
    AddrSet.Builder set = AddrSet.newBuilder();
    addresses.forEach(address -> set.addAddrs(address(address)));
    return Update.newBuilder().setRemove(set).build();
  }

  static Update noEndpoints(boolean exists) {
    return Update.newBuilder().setNoEndpoints(NoEndpoints.newBuilder().setExists(exists)).build();
  }
}
