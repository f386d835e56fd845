package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.IpAddr;
import dev.weft.proxy.client.Destination;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Endpoint.Hint;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.transport.TransportHeader;
import dev.weft.proxy.transport.TransportHeader.Session;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The matrix of facts/proxy.md 3.11. */
final class EndpointRouteTest {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.9", 8080);
  private static final Endpoint.EndpointTls TLS =
      new Endpoint.EndpointTls(PeerId.dns("api.shop"), "api.shop");

  private final EndpointRoute route = new EndpointRoute(Set.of(IpAddr.parse("10.0.0.1")), null);

  @Test
  void endpointWithoutIdentity_isReachedInPlaintext() {
    assertThat(route.to(endpoint(ADDRESS, null, Hint.NONE, 4143, null), Session.HTTP_1))
        .isEqualTo(Destination.plain(ADDRESS));
  }

  @Test
  void meshedEndpoint_withoutTransport_hasNoHeader() {
    assertThat(route.to(endpoint(ADDRESS, TLS, Hint.H2, 0, null), Session.HTTP_2))
        .isEqualTo(new Destination(ADDRESS, TLS, null));
  }

  @Test
  void opaqueTransportPort_isDialledAndTheRealPortIsTold() {
    Destination to = route.to(endpoint(ADDRESS, TLS, Hint.H2, 4143, null), Session.HTTP_2);
    assertThat(to.address()).isEqualTo(new InetSocketAddress("10.0.0.9", 4143));
    assertThat(to.header()).isEqualTo(new TransportHeader(8080, "", Session.HTTP_2));
  }

  @Test
  void opaqueHint_tellsNoSession() {
    Destination to = route.to(endpoint(ADDRESS, TLS, Hint.OPAQUE, 4143, null), Session.HTTP_1);
    assertThat(to.header()).isEqualTo(new TransportHeader(8080, "", Session.OPAQUE));
  }

  @Test
  void authorityOverride_isNamedToTheGateway() {
    Endpoint gateway = endpoint(ADDRESS, TLS, Hint.H2, 0, "api.shop.svc.east:80");
    assertThat(route.to(gateway, Session.HTTP_2))
        .isEqualTo(
            new Destination(
                ADDRESS, TLS, new TransportHeader(80, "api.shop.svc.east", Session.HTTP_2)));
  }

  @Test
  void localEndpoint_isNeverMeshed() {
    InetSocketAddress own = new InetSocketAddress("10.0.0.1", 8080);
    Endpoint self = endpoint(own, TLS, Hint.H2, 4143, null);
    assertThat(route.to(self, Session.HTTP_2)).isEqualTo(Destination.plain(own));
    assertThat(route.carriesHttp1(self)).isFalse();
    assertThat(route.carriesHttp1(endpoint(ADDRESS, TLS, Hint.H2, 4143, null))).isTrue();
  }

  private static Endpoint endpoint(
      InetSocketAddress address,
      Endpoint.@Nullable EndpointTls tls,
      Hint hint,
      int opaquePort,
      @Nullable String override) {
    return new Endpoint(address, 1, Map.of(), tls, hint, opaquePort, override, Http2Params.DEFAULT);
  }
}
