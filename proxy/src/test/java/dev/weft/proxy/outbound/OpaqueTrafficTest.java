package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.transport.TransportHeader;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OpaqueTrafficTest {
  private static final long MAX_SERVER_FIRST_MILLIS = 300;

  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("api-1");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void opaqueService_isReachedBehindATransportHeaderWithHalfCloses() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.service(
        Harness.policy(), true, Harness.endpoint(peer, Harness.API_IDENTITY, Endpoint.Hint.OPAQUE));
    try (RawClient client = tunnel("api:8080")) {
      client.send("GET is not looked at\n");
      assertThat(client.line()).isEqualTo("GET is not looked at");
      client.send("last words");
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEqualTo("last words");
    }
    assertThat(peer.headers.poll(5, TimeUnit.SECONDS))
        .isEqualTo(new TransportHeader(8080, "", TransportHeader.Session.OPAQUE));
  }

  @Test
  void absoluteRequest_toOpaqueService_isServedWithoutBeingCarried() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.service(Harness.policy(), true, Endpoint.plain(peer.address()));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void bytesThatAreNotHttp_passThroughMesh() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.service(Harness.endpoint(peer));
    try (RawClient client = tunnel("api:8080")) {
      // The beginning of a ClientHello: TLS of the application's own.
      byte[] hello = {22, 3, 1, 0, 5, 1, 0, 0, 1, 0};
      client.send(hello);
      assertThat(client.bytes(hello.length)).isEqualTo(hello);
    }
    assertThat(peer.headers.poll(5, TimeUnit.SECONDS).session())
        .isEqualTo(TransportHeader.Session.OPAQUE);
  }

  @Test
  void serverThatSpeaksFirst_isHeardInTime() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.SPEAKS_FIRST);
    harness.unknown(peer.address());
    try (RawClient client = tunnel(Harness.authority(peer.address()))) {
      long began = System.nanoTime();
      assertThat(client.line()).isEqualTo("hello");
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
          .isLessThan(MAX_SERVER_FIRST_MILLIS);
      client.send("and back\n");
      assertThat(client.line()).isEqualTo("and back");
    }
  }

  @Test
  void clientThatSpeaksHttpLate_isStillServedAsHttp() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.unknown(peer.address());
    try (RawClient client = tunnel(Harness.authority(peer.address()))) {
      org.awaitility.Awaitility.await().until(() -> peer.connections.size() == 1);
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    assertThat(harness.metrics.print()).contains("request_total{direction=\"outbound\"");
  }

  @Test
  void deadEndpoint_isPassedOver() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.ECHO);
    Endpoint dead = Endpoint.plain(new InetSocketAddress("127.0.1.8", peer.address().getPort()));
    harness.service(Harness.policy(), true, dead, Endpoint.plain(peer.address()));
    for (int i = 0; i < 10; i++) {
      try (RawClient client = tunnel("api:8080")) {
        client.send("ping\n");
        assertThat(client.line()).isEqualTo("ping");
      }
    }
  }

  @Test
  void forbiddenRoute_closesTheConnection() throws Exception {
    OutboundPolicy forbidden =
        new OutboundPolicy(
            PolicyRef.builtin("undefined-port"),
            new OutboundProtocol.Opaque(
                new OutboundOpaqueRoute(
                    PolicyRef.builtin("undefined-port"),
                    List.of(new TcpFilter.Forbidden()),
                    new Distribution.Empty<>())));
    harness.service(forbidden, false);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> {
              try (RawClient client = tunnel("api:8080")) {
                client.bytes(1);
              }
            })
        .isInstanceOf(java.io.IOException.class);
  }

  private RawClient tunnel(String authority) throws Exception {
    RawClient client = new RawClient(harness.address());
    client.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
    assertThat(client.head().status()).isEqualTo(200);
    return client;
  }
}
