package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OutboundProxyTest {
  private final Harness harness =
      new Harness("LINKERD2_PROXY_OUTBOUND_HTTP_FAILFAST_TIMEOUT", "300ms");
  private final TestApp app = new TestApp("api-1");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void absoluteRequest_toMeshedService_isCarriedOverMutualTls() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.service(Harness.endpoint(peer));
    RawClient.Response response = get("/");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("api-1");
    assertThat(response.headers()).doesNotContainKeys("l5d-orig-proto", "l5d-proxy-error");
    TransportHeader header = peer.headers.poll(5, TimeUnit.SECONDS);
    assertThat(header).isEqualTo(new TransportHeader(8080, "", TransportHeader.Session.HTTP_2));
    PeerTls peerTls = peer.peers.poll(5, TimeUnit.SECONDS);
    assertThat(peerTls.identity().text()).isEqualTo(Harness.WEB_IDENTITY);
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(String.valueOf(head.headers.get(HeaderNames.L5D_ORIG_PROTO))).isEqualTo("HTTP/1.1");
    assertThat(head.authority.toString()).isEqualTo("api:8080");
  }

  @Test
  void metrics_tellRequestsByEndpointAndHandshakesByGroup() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    get("/");
    String labels =
        "direction=\"outbound\",authority=\"api.shop.svc.cluster.local:8080\","
            + "target_addr=\"127.0.1.2:8080\",target_ip=\"127.0.1.2\",target_port=\"8080\","
            + "tls=\"true\",server_id=\""
            + Harness.API_IDENTITY
            + "\",dst_namespace=\"shop\",dst_service=\"api\"";
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(harness.metrics.print())
                    .contains("request_total{" + labels + "} 1")
                    .contains(
                        "response_total{"
                            + labels
                            + ",status_code=\"200\",classification=\"success\","
                            + "grpc_status=\"\",error=\"\"} 1")
                    .contains("response_latency_ms_count{" + labels + ",status_code=\"200\"} 1")
                    .contains(
                        "weft_tls_handshakes_total{direction=\"outbound\",peer=\""
                            + Harness.API_IDENTITY
                            + "\",version=\"TLSv1.3\",group=\"X25519MLKEM768\"} 1")
                    .contains("outbound_http_balancer_endpoints{endpoint_state=\"ready\"")
                    .contains("tcp_open_total{direction=\"outbound\",peer=\"dst\"")
                    .doesNotContain(",,"));
  }

  @Test
  void body_ofManyWindows_isEchoedWhole() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    byte[] body = new byte[1 << 20];
    java.util.Arrays.fill(body, (byte) 'x');
    try (RawClient client = new RawClient(harness.address())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  client.send(
                      "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: "
                          + body.length
                          + "\r\n\r\n");
                  client.send(body);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(client.response().body()).hasSize(body.length);
    }
  }

  @Test
  void expectContinue_isAnsweredByTheApplication() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
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
  void upgrade_hasAnHttp1ConnectionOfItsOwn() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.service(Harness.endpoint(peer));
    get("/");
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
    assertThat(peer.headers.poll(5, TimeUnit.SECONDS).session())
        .isEqualTo(TransportHeader.Session.HTTP_2);
    assertThat(peer.headers.poll(5, TimeUnit.SECONDS).session())
        .isEqualTo(TransportHeader.Session.HTTP_1);
  }

  @Test
  void endpointWithAnotherIdentity_isNeverUsed() throws Exception {
    MeshPeer stranger =
        harness.meshed("127.0.1.2", app, "evil.shop.serviceaccount.identity.linkerd.cluster.local");
    harness.service(Harness.endpoint(stranger));
    assertThat(get("/").status()).isEqualTo(504);
    assertThat(app.count).hasValue(0);
  }

  @Test
  void requiredIdentity_isCheckedAndNeverForwarded() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    assertThat(get("/", "l5d-require-id: " + Harness.API_IDENTITY).status()).isEqualTo(200);
    assertThat(app.requests.poll(5, TimeUnit.SECONDS).headers.contains(HeaderNames.L5D_REQUIRE_ID))
        .isFalse();
    RawClient.Response refused = get("/", "l5d-require-id: other.example");
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.headers()).containsEntry("l5d-proxy-connection", "close");
  }

  @Test
  void noEndpoints_failsFastThenShedsThenRecovers() throws Exception {
    harness.service();
    RawClient.Response first = get("/");
    assertThat(first.status()).isEqualTo(504);
    assertThat(first.headers().get("l5d-proxy-error")).endsWith("service in fail-fast");
    RawClient.Response second = get("/");
    assertThat(second.status()).isEqualTo(503);
    assertThat(second.headers().get("l5d-proxy-error")).endsWith("service unavailable");
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    await().atMost(Duration.ofSeconds(5)).until(() -> get("/").status() == 200);
  }

  @Test
  void waitingRequest_isServedByAnEndpointAddedLater() throws Exception {
    harness.service();
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> harness.endpoints.open() > 0);
      harness.service(Harness.endpoint(peer));
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void refusedConnection_ofTheOnlyPlainEndpoint_is502AtOnce() throws Exception {
    harness.service(Endpoint.plain(new InetSocketAddress("127.0.1.8", 1)));
    RawClient.Response response = get("/");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.headers().get("l5d-proxy-error")).contains("ECONNREFUSED");
  }

  @Test
  void refusedConnection_besideAnotherEndpoint_isTriedThere() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.service(
        Endpoint.plain(new InetSocketAddress("127.0.1.8", 1)), Endpoint.plain(peer.address()));
    for (int i = 0; i < 20; i++) {
      assertThat(get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void plainHttp1Endpoint_reusesConnections() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.service(Endpoint.plain(peer.address()));
    try (RawClient client = new RawClient(harness.address())) {
      for (int i = 0; i < 5; i++) {
        client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.response().status()).isEqualTo(200);
      }
    }
    assertThat(peer.connections).hasSize(1);
  }

  @Test
  void requestThatNoRouteFits_is404() throws Exception {
    OutboundHttpRoute.Rule admin =
        new OutboundHttpRoute.Rule(
            List.of(HttpRouteMatch.prefix("/admin")),
            List.of(new HttpFilter.Fail(418, "teapot", null)),
            dev.weft.policy.outbound.Distribution.to(Harness.backend()),
            dev.weft.policy.outbound.Timeouts.NONE,
            null,
            false);
    harness.service(
        Harness.policy(admin), false, Harness.endpoint(harness.meshed("127.0.1.2", app)));
    assertThat(get("/").status()).isEqualTo(404);
    RawClient.Response injected = get("/admin/x");
    assertThat(injected.status()).isEqualTo(418);
    assertThat(injected.headers().get("l5d-proxy-error")).endsWith("teapot");
  }

  @Test
  void headerFilters_changeRequestAndResponse() throws Exception {
    OutboundHttpRoute.Rule rule =
        Harness.rule(
            List.of(
                new HttpFilter.RequestHeaders(
                    new HeaderModifier(
                        List.of(), List.of(new HeaderModifier.Field("X-To", "api")), List.of())),
                new HttpFilter.ResponseHeaders(
                    new HeaderModifier(
                        List.of(new HeaderModifier.Field("x-from", "weft")),
                        List.of(),
                        List.of()))));
    harness.service(
        Harness.policy(rule), false, Harness.endpoint(harness.meshed("127.0.1.2", app)));
    assertThat(get("/").headers()).containsEntry("x-from", "weft");
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(String.valueOf(head.headers.get(io.netty.util.AsciiString.of("x-to"))))
        .isEqualTo("api");
  }

  @Test
  void redirectFilter_answersWithLocation() throws Exception {
    OutboundHttpRoute.Rule rule =
        Harness.rule(List.of(new HttpFilter.Redirect("https", "www.example", null, 0, 302)));
    harness.service(Harness.policy(rule), false);
    RawClient.Response response = get("/a?b=c");
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.headers()).containsEntry("location", "https://www.example:8080/a?b=c");
  }

  @Test
  void slowReader_holdsTheSenderBack() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    try (RawClient client = new RawClient(harness.address())) {
      client.socket.setReceiveBufferSize(16 * 1024);
      client.send("GET http://api:8080/pour HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      // Whatever is in buffers of kernel and proxies comes to rest.
      long[] before = {-1};
      await()
          .pollInterval(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                boolean same = app.poured.get() == before[0];
                before[0] = app.poured.get();
                return same;
              });
      assertThat(app.poured.get()).isLessThan(8 << 20);
    }
  }

  private RawClient.Response get(String path, String... headers) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      StringBuilder request = new StringBuilder("GET http://api:8080" + path + " HTTP/1.1\r\n");
      request.append("Host: api:8080\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      client.send(request.append("\r\n").toString());
      return client.response();
    }
  }
}
