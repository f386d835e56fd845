package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Application, outbound proxy, inbound proxy, application: everything between them is real. */
@Timeout(30)
final class ProxyPairTest {
  private static final long MAX_SERVER_FIRST_MILLIS = 300;

  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("api-1");
  private final InboundPolicy friends = InboundSide.only(InboundSide.DETECT, Harness.WEB_IDENTITY);
  private InboundSide inbound = new InboundSide(harness, "127.0.1.5", friends);
  private final InetSocketAddress loopback = new InetSocketAddress("127.0.0.1", 0);

  @AfterEach
  void stop() throws Exception {
    harness.close();
    inbound.close();
  }

  @Test
  void http1_arrivesAsItWasSent() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    RawClient.Response response = request("GET", "/x?y", "");
    assertThat(response.body()).isEqualTo("api-1");
    assertThat(response.headers()).doesNotContainKey("l5d-orig-proto");
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head.path.toString()).isEqualTo("/x?y");
    assertThat(String.valueOf(head.headers.get(HeaderNames.HOST))).isEqualTo("api:8080");
    assertThat(String.valueOf(head.headers.get(HeaderNames.L5D_CLIENT_ID)))
        .isEqualTo(Harness.WEB_IDENTITY);
    assertThat(head.headers.contains(HeaderNames.L5D_ORIG_PROTO)).isFalse();
    assertThat(head.headers.contains(HeaderNames.TRANSFER_ENCODING)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/status/204", "/status/304", "/head"})
  void responsesWithoutBody_keepTheConnectionInStep(String path) throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    try (RawClient client = new RawClient(harness.address())) {
      for (int i = 0; i < 3; i++) {
        String method = path.equals("/head") ? "HEAD" : "GET";
        client.send(method + " http://api:8080" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        RawClient.Response head = client.head();
        assertThat(head.status()).isIn(200, 204, 304);
        client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.response().body()).isEqualTo("api-1");
      }
    }
  }

  @Test
  void http10_isAnsweredAndClosed() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/ HTTP/1.0\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void chunkedBody_isEchoed() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("hello world");
    }
  }

  @Test
  void largeBody_passesBothWays() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    byte[] body = new byte[4 << 20];
    Arrays.fill(body, (byte) 'x');
    try (RawClient client = new RawClient(harness.address())) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client
                          .send(
                              "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                  + body.length
                                  + "\r\n\r\n")
                          .send(body);
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertThat(client.response().body()).hasSize(body.length);
      sender.join();
    }
  }

  @Test
  void upgrades_oneAfterTheOther_areAllKnownByTheirCertificate() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    for (int i = 0; i < 5; i++) {
      try (RawClient client = new RawClient(harness.address())) {
        client.send(
            "GET http://api:8080/ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n"
                + "Upgrade: test\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(101);
        client.send("ping");
        assertThat(client.bytes(4)).isEqualTo("ping".getBytes());
        client.socket.shutdownOutput();
        assertThat(client.rest()).isEmpty();
      }
    }
  }

  @Test
  void expectContinue_passesBothWays() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
              + "Content-Length: 5\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(100);
      client.send("hello");
      assertThat(client.response().body()).isEqualTo("hello");
    }
  }

  @Test
  void strangerIsRefused_withTheReasonAndThePolicy() throws Exception {
    inbound.close();
    inbound =
        new InboundSide(
            harness, "127.0.1.5", InboundSide.only(InboundSide.DETECT, "other.identity"));
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    assertThat(request("GET", "/", "").status()).isEqualTo(403);
    assertThat(app.count).hasValue(0);
  }

  @Test
  void opaqueServer_thatSpeaksFirst_isHeardInTime() throws Exception {
    inbound.close();
    inbound =
        new InboundSide(
            harness,
            "127.0.1.5",
            InboundSide.only(new InboundProtocol.Opaque(), Harness.WEB_IDENTITY));
    serve(MeshPeer.Plain.SPEAKS_FIRST, Endpoint.Hint.OPAQUE);
    serverFirst();
  }

  @Test
  void undeclaredServer_thatSpeaksFirst_isHeardInTime() throws Exception {
    serve(MeshPeer.Plain.SPEAKS_FIRST, Endpoint.Hint.H2);
    serverFirst();
  }

  private void serverFirst() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\nHost: api:8080\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      long began = System.nanoTime();
      assertThat(client.line()).isEqualTo("hello");
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
          .isLessThan(MAX_SERVER_FIRST_MILLIS);
      client.send("back\n");
      assertThat(client.line()).isEqualTo("back");
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void drainOfTheInboundSide_failsNothing() throws Exception {
    MeshPeer peer = serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    InboundSide second = new InboundSide(harness, "127.0.1.6", friends);
    try (second;
        RawClient client = new RawClient(harness.address())) {
      for (int i = 0; i < 200; i++) {
        client.send("POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.response().status()).isEqualTo(200);
        if (i == 50) {
          harness.service(
              inbound.endpoint(peer.address().getPort(), Endpoint.Hint.H2),
              second.endpoint(peer.address().getPort(), Endpoint.Hint.H2));
        }
        if (i == 100) {
          var _ = inbound.drain.begin();
        }
      }
    }
  }

  @Test
  void drainOfTheOutboundSide_answersWhatIsUnderWayAndEnds() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nh");
      await().until(() -> app.count.get() == 1);
      var _ = harness.drain.begin();
      client.send("i");
      RawClient.Response response = client.response();
      assertThat(response.body()).isEqualTo("hi");
      assertThat(client.rest()).isEmpty();
    }
    await().until(() -> harness.drain.open() == 0);
  }

  private MeshPeer serve(MeshPeer.Plain plain, Endpoint.Hint hint) {
    MeshPeer peer = harness.keep(MeshPeer.plain(loopback, app, plain));
    harness.service(
        Harness.policy(),
        hint == Endpoint.Hint.OPAQUE,
        inbound.endpoint(peer.address().getPort(), hint));
    return peer;
  }

  private RawClient.Response request(String method, String path, String body) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(method + " http://api:8080" + path + " HTTP/1.1\r\nHost: x\r\n\r\n" + body);
      return client.response();
    }
  }
}
