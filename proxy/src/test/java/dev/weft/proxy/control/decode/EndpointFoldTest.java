package dev.weft.proxy.control.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.AddrSet;
import dev.weft.api.destination.NoEndpoints;
import dev.weft.api.destination.ProtocolHint;
import dev.weft.api.destination.TlsIdentity;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.destination.WeightedAddrSet;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPv6;
import dev.weft.api.net.TcpAddress;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.tls.PeerId;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointFoldTest {
  private static final EndpointSet BEFORE =
      new EndpointSet(Map.of(address(9), Endpoint.plain(address(9))), true);

  @Test
  void apply_firstAdd_replacesWhatWasThere() {
    EndpointSet set = new EndpointFold(BEFORE).apply(add(WeightedAddrSet.newBuilder(), at(1)));

    assertThat(set.endpoints()).containsOnlyKeys(address(1));
  }

  @Test
  void apply_firstAddWithoutUsableEntry_changesNothing() {
    EndpointFold fold = new EndpointFold(BEFORE);

    assertThat(fold.apply(add(WeightedAddrSet.newBuilder(), WeightedAddr.newBuilder()))).isNull();
    assertThat(fold.apply(add(WeightedAddrSet.newBuilder(), at(1))).endpoints())
        .containsOnlyKeys(address(1));
  }

  @Test
  void apply_removeFirst_isIgnored() {
    Update remove =
        Update.newBuilder().setRemove(AddrSet.newBuilder().addAddrs(at(9).getAddr())).build();

    assertThat(new EndpointFold(BEFORE).apply(remove)).isNull();
  }

  @Test
  void apply_sameSetAgain_changesNothing() {
    EndpointFold fold = new EndpointFold(null);
    fold.apply(add(WeightedAddrSet.newBuilder(), at(1)));

    assertThat(fold.apply(add(WeightedAddrSet.newBuilder(), at(1)))).isNull();
  }

  @Test
  void apply_noSuchService_isEmptyAndDoesNotExist() {
    Update none = Update.newBuilder().setNoEndpoints(NoEndpoints.getDefaultInstance()).build();

    assertThat(new EndpointFold(BEFORE).apply(none)).isEqualTo(new EndpointSet(Map.of(), false));
  }

  @Test
  void decode_labels_ofTheAddressWin() {
    WeightedAddrSet.Builder set =
        WeightedAddrSet.newBuilder().putMetricLabels("service", "api").putMetricLabels("a", "1");
    EndpointSet decoded = new EndpointFold(null).apply(add(set, at(1).putMetricLabels("a", "2")));

    assertThat(decoded.endpoints().get(address(1)).labels())
        .isEqualTo(Map.of("service", "api", "a", "2"));
  }

  @Test
  void decode_meshedEndpoint_hasIdentityHintAndTransportPort() {
    Endpoint endpoint =
        only(
            at(1)
                .setTlsIdentity(dns("api.example", null))
                .setProtocolHint(
                    ProtocolHint.newBuilder()
                        .setH2(ProtocolHint.H2.getDefaultInstance())
                        .setOpaqueTransport(
                            ProtocolHint.OpaqueTransport.newBuilder().setInboundPort(4143))));

    assertThat(endpoint.tls())
        .isEqualTo(new Endpoint.EndpointTls(PeerId.dns("api.example"), "api.example"));
    assertThat(endpoint.hint()).isEqualTo(Endpoint.Hint.H2);
    assertThat(endpoint.opaqueTransportPort()).isEqualTo(4143);
  }

  @Test
  void decode_transportPort65535_isIgnored() {
    Endpoint endpoint =
        only(
            at(1)
                .setProtocolHint(
                    ProtocolHint.newBuilder()
                        .setOpaqueTransport(
                            ProtocolHint.OpaqueTransport.newBuilder().setInboundPort(65_535))));

    assertThat(endpoint.opaqueTransportPort()).isZero();
  }

  @Test
  void decode_badServerName_dropsTheIdentity() {
    assertThat(only(at(1).setTlsIdentity(dns("api.example", "bad name"))).tls()).isNull();
  }

  @Test
  void decode_uriIdentityWithoutServerName_isDropped() {
    TlsIdentity.Builder identity =
        TlsIdentity.newBuilder()
            .setUriLikeIdentity(TlsIdentity.UriLikeIdentity.newBuilder().setUri("spiffe://a/b"));

    assertThat(only(at(1).setTlsIdentity(identity)).tls()).isNull();
  }

  @Test
  void decode_ipv6_isReadFromBothHalves() {
    WeightedAddr.Builder address =
        WeightedAddr.newBuilder()
            .setAddr(
                TcpAddress.newBuilder()
                    .setPort(80)
                    .setIp(
                        IPAddress.newBuilder()
                            .setIpv6(IPv6.newBuilder().setFirst(0xfd00L << 48).setLast(1))));

    assertThat(Endpoint.text(only(address).address())).isEqualTo("[fd00::1]:80");
  }

  private static Endpoint only(WeightedAddr.Builder address) {
    return new EndpointFold(null)
        .apply(add(WeightedAddrSet.newBuilder(), address))
        .endpoints()
        .values()
        .iterator()
        .next();
  }

  private static Update add(WeightedAddrSet.Builder set, WeightedAddr.Builder address) {
    return Update.newBuilder().setAdd(set.addAddrs(address)).build();
  }

  private static TlsIdentity dns(String name, String serverName) {
    TlsIdentity.Builder identity =
        TlsIdentity.newBuilder()
            .setDnsLikeIdentity(TlsIdentity.DnsLikeIdentity.newBuilder().setName(name));
    if (serverName != null) {
      identity.setServerName(TlsIdentity.DnsLikeIdentity.newBuilder().setName(serverName));
    }
    return identity.build();
  }

  private static WeightedAddr.Builder at(int host) {
    return WeightedAddr.newBuilder()
        .setAddr(
            TcpAddress.newBuilder()
                .setIp(IPAddress.newBuilder().setIpv4(0x0a000000 | host))
                .setPort(8080));
  }

  private static InetSocketAddress address(int host) {
    return new InetSocketAddress(IpAddr.v4(0x0a000000 | host).toInetAddress(), 8080);
  }
}
