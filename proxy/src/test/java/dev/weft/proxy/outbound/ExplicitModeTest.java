package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ExplicitModeTest {
  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("api-1");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api:8080",
        "api.shop:8080",
        "api.shop.svc:8080",
        "API.shop.svc.cluster.local:8080",
        "api.shop.svc.cluster.local.:8080"
      })
  void absoluteRequest_isServedUnderEveryNameOfAService(String authority) throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://" + authority + "/x?y=1 HTTP/1.1\r\nHost: other\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head.path.toString()).isEqualTo("/x?y=1");
    assertThat(String.valueOf(head.headers.get(HeaderNames.HOST))).isEqualTo(authority);
    assertThat(String.valueOf(head.headers.get(HeaderNames.L5D_ORIG_PROTO))).isEqualTo("HTTP/1.1");
  }

  @Test
  void absoluteRequests_ofOneConnection_goToDifferentTargets() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    MeshPeer other = harness.plain(new TestApp("other"), MeshPeer.Plain.HTTP_1);
    harness.unknown(other.address());
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
      String authority = Harness.authority(other.address());
      client.send("GET http://" + authority + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("other");
    }
  }

  @Test
  void connect_tunnelsHttp1AsIfItWereIntercepted() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\nHost: api:8080\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      client.send("GET /a HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
      client.send("GET /b HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void connect_withRequestSentAhead_losesNothing() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          "CONNECT api:8080 HTTP/1.1\r\nHost: api:8080\r\n\r\nGET /a HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void connect_oversizedHead_getsItsRefusalWhileItSendsOn() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      String more = "a".repeat(64 * 1024);
      client.send("CONNECT api:8080 HTTP/1.1\r\nx: " + more);
      assertThat(client.response().status()).isEqualTo(431);
      assertThat(client.rest()).isEmpty();
      // A connection that is reset takes no second of these.
      client.send(more).send(more).send(more);
    }
  }

  @Test
  void socks_byName_tunnels() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    try (RawClient client = new RawClient(harness.address())) {
      greet(client);
      byte[] name = "api".getBytes(StandardCharsets.US_ASCII);
      client.send(new byte[] {5, 1, 0, 3, (byte) name.length}).send(name);
      client.send(new byte[] {8080 >> 8, (byte) 8080});
      assertThat(client.bytes(10)[1]).isZero();
      client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.1.9", "::1"})
  void socks_byAddress_tunnels(String host) throws Exception {
    InetSocketAddress any = new InetSocketAddress(host, 0);
    try (MeshPeer peer = MeshPeer.plain(any, app, MeshPeer.Plain.HTTP_1);
        RawClient client = new RawClient(harness.address())) {
      harness.unknown(peer.address());
      greet(client);
      InetAddress ip = peer.address().getAddress();
      int port = peer.address().getPort();
      client.send(new byte[] {5, 1, 0, (byte) (ip.getAddress().length == 4 ? 1 : 4)});
      client.send(ip.getAddress()).send(new byte[] {(byte) (port >> 8), (byte) port});
      assertThat(client.bytes(10)[1]).isZero();
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void socks_withAuthenticationOnly_isRefused() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(new byte[] {5, 1, 2});
      assertThat(client.bytes(2)).containsExactly(5, 0xff);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void socks_bind_isRefused() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      greet(client);
      client.send(new byte[] {5, 2, 0, 1, 127, 0, 0, 1, 0, 80});
      assertThat(client.bytes(10)[1]).isEqualTo((byte) 7);
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: api:8080\r\n\r\n",
        "GET https://api:8080/ HTTP/1.1\r\nHost: api:8080\r\n\r\n",
        "GET http://a_b$c/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT api HTTP/1.1\r\nHost: api\r\n\r\n",
        "CONNECT api:8080 HTTP/1.0\r\n\r\n",
        "CONNECT api:8080 HTTP/1.1\r\nno colon\r\n\r\n",
        "CONNECT api:8080 HTTP/1.1\r\nHost: api\r\n folded\r\n\r\n",
        "CONNECT api:8080 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
        "\u0016\u0003\u0001 garbage",
        "hello"
      })
  void unusableOpening_isAnsweredWith400AndClosed(String opening) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(opening);
      client.socket.shutdownOutput();
      assertThat(client.response().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void connect_withEndlessHead_is431() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\n");
      try {
        for (int i = 0; i < 20; i++) {
          client.send("x-filler: " + "x".repeat(1000) + "\r\n");
        }
      } catch (IOException _) {
        // refused while it was still being sent
      }
      assertThat(client.head().status()).isEqualTo(431);
    }
  }

  @Test
  void requestForTheProxyItself_is502() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      String self = Harness.authority(harness.address());
      client.send("GET http://" + self + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(502);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "nobody.example"})
  void nameThatNotEvenDnsKnows_isRefusedAtOnceAndSaysSo(String name) throws Exception {
    harness.endpoints.end("nobody.shop.svc.cluster.local:80", io.grpc.Status.Code.INVALID_ARGUMENT);
    harness.endpoints.end(
        "nobody.example.svc.cluster.local:80", io.grpc.Status.Code.INVALID_ARGUMENT);
    long began = System.nanoTime();
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://" + name + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Response response = client.response();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.headers().get("l5d-proxy-error")).contains("name not resolved: " + name);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("less than the failfast time")
        .isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void nameNobodyKnows_isDialledByDns() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    String host = "localhost";
    harness.endpoints.end(
        "localhost.shop.svc.cluster.local:" + peer.address().getPort(),
        io.grpc.Status.Code.INVALID_ARGUMENT);
    try (MeshPeer local =
            MeshPeer.plain(
                new InetSocketAddress("127.0.0.1", peer.address().getPort()),
                app,
                MeshPeer.Plain.HTTP_1);
        RawClient client = new RawClient(harness.address())) {
      client.send(
          "GET http://" + host + ":" + local.address().getPort() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void nameThatBecomesAService_isTakenOver() throws Exception {
    harness.endpoints.set(
        Harness.API + ":" + Harness.PORT,
        new dev.weft.proxy.control.EndpointSet(java.util.Map.of(), false));
    try (RawClient waiting = new RawClient(harness.address())) {
      waiting.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
      org.awaitility.Awaitility.await().until(() -> harness.endpoints.open() == 1);
      harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
      waiting.response(); // of the name as it was, or as it is
      org.awaitility.Awaitility.await()
          .until(
              () -> {
                try (RawClient client = new RawClient(harness.address())) {
                  client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
                  return client.response().body().equals("api-1");
                }
              });
    }
  }

  @Test
  void endpointAtOurOwnAddress_isTheApplicationItself() throws Exception {
    Harness own = new Harness("LINKERD2_PROXY_INBOUND_IPS", "127.0.1.7");
    try (own;
        MeshPeer application =
            MeshPeer.plain(new InetSocketAddress("127.0.0.1", 0), app, MeshPeer.Plain.HTTP_1)) {
      Endpoint self =
          new Endpoint(
              new InetSocketAddress("127.0.1.7", application.address().getPort()),
              Endpoint.DEFAULT_WEIGHT,
              java.util.Map.of(),
              new Endpoint.EndpointTls(
                  dev.weft.proxy.tls.PeerId.dns(Harness.WEB_IDENTITY), Harness.WEB_IDENTITY),
              Endpoint.Hint.H2,
              4143,
              null,
              dev.weft.proxy.control.Http2Params.DEFAULT);
      own.service(self);
      try (RawClient client = new RawClient(own.address())) {
        client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.response().body()).isEqualTo("api-1");
      }
    }
  }

  private static void greet(RawClient client) throws IOException {
    client.send(new byte[] {5, 2, 0, 2});
    assertThat(client.bytes(2)).containsExactly(5, 0);
  }
}
