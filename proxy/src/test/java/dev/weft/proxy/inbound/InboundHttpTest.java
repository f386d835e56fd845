package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.STRANGER;
import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static dev.weft.proxy.inbound.InboundTcpTest.assertEnds;
import static dev.weft.proxy.inbound.InboundTcpTest.receive;
import static dev.weft.proxy.inbound.InboundTcpTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.PathMatch;
import dev.weft.proxy.detect.Prelude;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests over HTTP/1: who gets through, what the application sees, how they end. */
class InboundHttpTest {
  @Test
  void direct_http1Header_isForwardedWithTheClientsIdentity() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      String response =
          HttpText.exchange(
              client,
              "GET /a?b HTTP/1.1",
              "host: api",
              "l5d-client-id: admin",
              "l5d_client_id: admin",
              "L5D-Client_Id: admin");
      assertThat(response).startsWith("HTTP/1.1 200 ").contains("GET /a?b ");
      assertThat(app.requests.getFirst())
          .containsIgnoringCase("L5d-client-id=[" + WEB + "]")
          .doesNotContain("admin");
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.metrics.print())
                      .containsPattern(
                          "response_total\\{direction=\"inbound\",target_addr=\"127.0.0.1:"
                              + app.port()
                              + "\".*client_id=\"web.*srv_name=\"app\".*route_name=\"default\""
                              + ".*authz_name=\"friends\",status_code=\"200\","
                              + "classification=\"success\",grpc_status=\"\",error=\"\"} 1")
                      .containsPattern("response_latency_ms_count\\{.*status_code=\"200\"} 1")
                      .contains("inbound_http_authz_allow_total{target_addr=")
                      .containsPattern("request_total\\{.*authz_name=\"friends\"} 1")
                      .containsPattern(
                          "inbound_http_requests_total\\{parent_group=\"policy.linkerd.io\","
                              + "parent_kind=\"server\",parent_name=\"app\",parent_port=\""
                              + app.port()
                              + "\",route_group=\"\",route_kind=\"default\","
                              + "route_name=\"default\"} 1")
                      .containsPattern("inbound_http_statuses_total\\{.*,status=\"200\"} 1")
                      .containsPattern("inbound_http_request_duration_seconds_count\\{.*} 1"));
    }
  }

  @Test
  void direct_identityNotListed_isForbiddenWithTheReason() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(STRANGER, app.port(), Session.HTTP_1);
      String response = HttpText.exchange(client, "GET / HTTP/1.1", "host: api");
      assertThat(response)
          .startsWith("HTTP/1.1 403 ")
          .contains("l5d-proxy-error: client 127.0.0.1:")
          .contains("denied by server/app")
          .contains("authorizationpolicy/friends: identity not listed");
      assertThat(app.requests).isEmpty();
      assertThat(fixture.log.contains(STRANGER, "denied by server/app", "identity not listed"))
          .isTrue();
      assertThat(fixture.metrics.print())
          .contains("inbound_http_authz_deny_total{")
          .doesNotContain("request_total{");
    }
  }

  @Test
  void plainClient_denied_isNotToldWhy() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.plain(app.port());
      String response = HttpText.exchange(client, "GET / HTTP/1.1", "host: api");
      assertThat(response).startsWith("HTTP/1.1 403 ").doesNotContain("l5d-proxy-error");
      assertThat(fixture.log.contains("friends: mesh TLS required")).isTrue();
    }
  }

  @Test
  void plainClient_allowed_cannotClaimAnIdentity() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket client = fixture.plain(app.port());
      String response =
          HttpText.exchange(client, "GET / HTTP/1.1", "host: api", "l5d-client-id: " + WEB);
      assertThat(response).startsWith("HTTP/1.1 200 ").doesNotContain(WEB);
      assertThat(fixture.metrics.print())
          .contains("inbound_tcp_detect_http_results_total{result=\"http/1\"");
    }
  }

  @Test
  void trailers_cannotClaimAnIdentity() throws Exception {
    try (TestApp app =
            new TestApp(
                client -> {
                  String head = HttpText.head(client.getInputStream());
                  StringBuilder seen = new StringBuilder(head);
                  while (!seen.toString().endsWith("0\r\n\r\n")
                      && !seen.toString().contains("x-mark: end\r\n\r\n")) {
                    seen.append((char) client.getInputStream().read());
                  }
                  byte[] body = seen.toString().getBytes(StandardCharsets.ISO_8859_1);
                  client
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n")
                              .getBytes(StandardCharsets.ISO_8859_1));
                  client.getOutputStream().write(body);
                });
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      send(
          client,
          "POST / HTTP/1.1\r\nhost: api\r\ntransfer-encoding: chunked\r\n\r\n"
              + "1\r\na\r\n0\r\nl5d-client-id: admin\r\nx-mark: end\r\n\r\n");
      assertThat(HttpText.response(client)).contains("x-mark: end").doesNotContain("admin");
    }
  }

  @Test
  void requestLineInTwoSegments_isHttp() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket client = fixture.plain(app.port());
      client.setTcpNoDelay(true);
      send(client, "GET /spl");
      // The proxy has surely looked at the first part once the early silence is over.
      await().pollDelay(Prelude.SILENCE.multipliedBy(2)).until(() -> true);
      send(client, "it HTTP/1.1\r\nhost: api\r\n\r\n");
      assertThat(HttpText.response(client)).startsWith("HTTP/1.1 200 ").contains("GET /split ");
    }
  }

  @Test
  void clientThatHesitates_isStillHttp() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket client = fixture.plain(app.port());
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.metrics.print())
                      .as("the application is dialled")
                      .doesNotContain("http_results_total"));
      await().pollDelay(Prelude.SILENCE.multipliedBy(3)).until(() -> true);
      String response = HttpText.exchange(client, "GET /late HTTP/1.1", "host: api");
      assertThat(response).startsWith("HTTP/1.1 200 ").contains("GET /late ");
    }
  }

  @Test
  void meshedClient_onAnHttp1Port_isForwarded() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(Policies.only(new InboundProtocol.Http1(HttpRouting.of()), WEB))) {
      Socket client = fixture.meshed(WEB, app.port());
      assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void requestWithoutRoute_isNotFound() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(routed(List.of())))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET /elsewhere HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 404 ");
      assertThat(HttpText.exchange(client, "GET /api/x HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(fixture.metrics.print()).contains("inbound_http_route_not_found_total{");
    }
  }

  @Test
  void filters_changeWhatTheApplicationSees() throws Exception {
    HeaderModifier modifier =
        new HeaderModifier(
            List.of(), List.of(new HeaderModifier.Field("x-via", "weft")), List.of("x-secret"));
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.everybody(routed(List.of(new HttpFilter.RequestHeaders(modifier)))))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.exchange(client, "GET /api HTTP/1.1", "host: api", "x-secret: 1");
      assertThat(app.requests.getFirst())
          .containsIgnoringCase("x-via=[weft]")
          .doesNotContainIgnoringCase("x-secret");
    }
  }

  @Test
  void redirectFilter_answers() throws Exception {
    HttpFilter redirect = new HttpFilter.Redirect("https", "new.example.org", null, 0, 302);
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(Policies.everybody(routed(List.of(redirect))))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET /api/x HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 302 ")
          .contains("location: https://new.example.org/api/x");
      assertThat(app.requests).isEmpty();
    }
  }

  private static InboundProtocol routed(List<HttpFilter> filters) {
    HttpRouteMatch match =
        new HttpRouteMatch(new PathMatch.Prefix("/api"), List.of(), List.of(), null);
    InboundHttpRoute route =
        new InboundHttpRoute(
            PolicyRef.of("gateway.networking.k8s.io", "HTTPRoute", "", "api"),
            List.of(),
            List.of(),
            List.of(new InboundHttpRoute.Rule(List.of(match), filters)));
    return new InboundProtocol.Detect(Duration.ofSeconds(2), HttpRouting.of(route));
  }

  @Test
  void rateLimit_answersWhatIsTooMuch() throws Exception {
    PolicyRef ref = PolicyRef.of("policy.linkerd.io", "HTTPLocalRateLimitPolicy", "", "few");
    InboundProtocol limited =
        new InboundProtocol.Detect(
            Duration.ofSeconds(2), new HttpRouting(List.of(), new RateLimit(ref, 2, 0, List.of())));
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(limited))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      // Requests faster than the limit, however slow the machine: many at once.
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        requests.append("GET / HTTP/1.1\r\nhost: api\r\n\r\n");
      }
      send(client, requests.toString());
      await()
          .untilAsserted(
              () -> {
                assertThat(HttpText.response(client))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("total rate limit exceeded: 2rps");
              });
      assertThat(fixture.metrics.print())
          .containsPattern(
              "inbound_http_local_ratelimit_total\\{.*ratelimit_name=\"few\","
                  + "ratelimit_scope=\"total\"");
    }
  }

  @Test
  void http1CarriedOverHttp2_reachesTheApplicationAsHttp1() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Bridge bridge = fixture.directBridge(WEB, app.port(), Session.HTTP_2);
      RequestHead request = RequestHead.of(HttpVersion.HTTP_2, "GET", "/carried");
      request.scheme = AsciiString.of("http");
      request.authority = AsciiString.of("api.shop:80");
      request.headers.add(HeaderNames.L5D_ORIG_PROTO, AsciiString.of("HTTP/1.1"));
      Http2Call call =
          Http2Call.send(InboundFixture.loops(), bridge.address(), request)
              .get(20, TimeUnit.SECONDS);
      assertThat(call.head.status).isEqualTo(200);
      assertThat((Object) call.head.headers.get(HeaderNames.L5D_ORIG_PROTO))
          .hasToString("HTTP/1.1");
      assertThat(call.body())
          .startsWith("GET /carried ")
          .containsIgnoringCase("host=[api.shop:80]")
          .doesNotContainIgnoringCase("l5d-orig-proto");
    }
  }

  @Test
  void noApplicationListens_isBadGateway() throws Exception {
    int port;
    try (TestApp gone = TestApp.echo()) {
      port = gone.port();
    }
    try (InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket client = fixture.direct(WEB, port, Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 502 ")
          .contains("l5d-proxy-error: ")
          .contains("ECONNREFUSED");
      assertThat(fixture.metrics.print())
          .containsPattern("response_total\\{.*status_code=\"502\",classification=\"failure\"");
    }
  }

  @Test
  void applicationError_isCountedAsFailure() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET /500 HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 500 ");
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.metrics.print())
                      .containsPattern(
                          "response_total\\{.*status_code=\"500\",classification=\"failure\""));
    }
  }

  @Test
  void changedPolicy_deniesTheNextRequestOfAConnection() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 200 ");
      fixture.policies.set(app.port(), Policies.only(Policies.detect(), STRANGER));
      await()
          .atMost(2, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
                      .startsWith("HTTP/1.1 403 "));
      fixture.policies.set(app.port(), Policies.only(Policies.detect(), WEB));
      await()
          .untilAsserted(
              () ->
                  assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
                      .startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void requestUnderWay_whenThePolicyTakesItsPermission_isEnded() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (TestApp app =
            new TestApp(
                client -> {
                  HttpText.head(client.getInputStream());
                  asked.countDown();
                  client.getInputStream().read(); // never answers
                });
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.send(client, "GET /watch HTTP/1.1", "host: api");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      fixture.policies.set(app.port(), Policies.nobody(Policies.detect()));
      client.setSoTimeout(2_000);
      assertThat(HttpText.response(client))
          .startsWith("HTTP/1.1 403 ")
          .contains("cause: no authorization");
      assertThat(fixture.log.contains("terminated", "server/app")).isTrue();
    }
  }

  @Test
  void upgrade_isATunnel_whichThePolicyCanEnd() throws Exception {
    try (TestApp app =
            new TestApp(
                client -> {
                  String head = HttpText.head(client.getInputStream());
                  boolean asked = head.toLowerCase().contains("upgrade: echo");
                  client
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 "
                                  + (asked ? "101 Switching Protocols" : "400 Bad Request")
                                  + "\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n")
                              .getBytes(StandardCharsets.ISO_8859_1));
                  client.getInputStream().transferTo(client.getOutputStream());
                });
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.send(
          client,
          "GET /chat HTTP/1.1",
          "host: api",
          "connection: upgrade, l5d-client-id",
          "upgrade: echo");
      assertThat(HttpText.head(client.getInputStream())).startsWith("HTTP/1.1 101 ");
      send(client, "raw \u0000 bytes");
      assertThat(receive(client, 11)).isEqualTo("raw \u0000 bytes");

      fixture.policies.set(app.port(), Policies.only(Policies.detect(), STRANGER));
      client.setSoTimeout(2_000);
      assertEnds(client);
    }
  }

  @Test
  void drain_closesIdleConnections_andFinishesOthers() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (TestApp app =
            new TestApp(
                client -> {
                  HttpText.head(client.getInputStream());
                  asked.countDown();
                  try {
                    answer.await(10, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  client
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate"
                              .getBytes(StandardCharsets.ISO_8859_1));
                });
        HttpApp idleApp = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Socket idle = fixture.direct(WEB, idleApp.port(), Session.HTTP_1);
      HttpText.exchange(idle, "GET / HTTP/1.1", "host: api");
      Socket busy = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.send(busy, "GET / HTTP/1.1", "host: api");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      var drained = fixture.drain.begin();
      assertEnds(idle);
      assertThat(drained).isNotDone();
      answer.countDown();
      assertThat(HttpText.response(busy)).startsWith("HTTP/1.1 200 ").endsWith("late");
      assertEnds(busy);
      drained.get(10, TimeUnit.SECONDS);
    }
  }
}
