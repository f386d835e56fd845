package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.HttpRetryOn.StatusRange;
import dev.weft.policy.outbound.OutboundGrpcRoute;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.outbound.Timeouts;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HttpFilter;
import dev.weft.proxy.control.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time-outs, retries and put-aside endpoints, over sockets. */
@Timeout(60)
final class ResilienceTest {
  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 0.5f, false);
  private static final HttpRetryOn SERVER_ERRORS =
      new HttpRetryOn(List.of(new StatusRange(500, 599)));

  private final Harness harness =
      new Harness("LINKERD2_PROXY_OUTBOUND_HTTP_FAILFAST_TIMEOUT", "500ms");
  private final TestApp app = new TestApp("one");
  private final TestApp other = new TestApp("two");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private static Retry<HttpRetryOn> retry(int limit, int bytes, @Nullable Duration timeout) {
    return new Retry<>(limit, bytes, SERVER_ERRORS, timeout, QUICK);
  }

  private static OutboundHttpRoute.Rule rule(
      Timeouts timeouts, @Nullable Retry<HttpRetryOn> retry, boolean headers) {
    return new OutboundHttpRoute.Rule(
        List.of(), List.of(), Distribution.to(Harness.backend()), timeouts, retry, headers);
  }

  private void plain(OutboundHttpRoute.Rule rule) {
    plain(Harness.policy(rule));
  }

  private void plain(OutboundPolicy policy) {
    harness.service(
        policy, false, Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_1).address()));
  }

  private RawClient.Response get(String path, String... headers) throws IOException {
    return send("GET", path, "", headers);
  }

  private RawClient.Response send(String method, String path, String body, String... headers)
      throws IOException {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          method
              + " http://api:8080"
              + path
              + " HTTP/1.1\r\nHost: api\r\n"
              + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
              + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
              + "\r\n"
              + body);
      return client.response();
    }
  }

  private long counter(String name) {
    return harness
        .metrics
        .print()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  // Retries.

  @Test
  void status_isRetried_withItsBody_untilItSucceeds() throws Exception {
    plain(rule(Timeouts.NONE, retry(3, 65_536, null), false));
    RawClient.Response response = send("POST", "/flaky/503/2", "hello");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(app.count.get()).isEqualTo(3);
    assertThat(counter("outbound_http_route_retry_requests_total")).isEqualTo(2);
    assertThat(counter("outbound_http_route_retry_successes_total")).isEqualTo(1);
  }

  @Test
  void status_isRetried_throughTheMesh() throws Exception {
    harness.service(
        Harness.policy(rule(Timeouts.NONE, retry(3, 65_536, null), false)),
        false,
        Harness.endpoint(harness.meshed("127.0.1.2", app)));
    assertThat(send("POST", "/flaky/500/1", "hello").body()).isEqualTo("hello");
    assertThat(app.count.get()).isEqualTo(2);
  }

  @Test
  void retries_atTheirLimit_endWithTheLastResponse() throws Exception {
    plain(rule(Timeouts.NONE, retry(2, 65_536, null), false));
    assertThat(get("/status/503").status()).isEqualTo(503);
    assertThat(app.count.get()).isEqualTo(3);
    assertThat(counter("outbound_http_route_retry_limit_exceeded_total")).isEqualTo(1);
  }

  @Test
  void status_thatIsNotListed_isNotRetried() throws Exception {
    plain(rule(Timeouts.NONE, retry(2, 65_536, null), false));
    assertThat(get("/status/404").status()).isEqualTo(404);
    assertThat(app.count.get()).isEqualTo(1);
  }

  @Test
  void bodyBeyondTheBuffer_isSentOnce() throws Exception {
    plain(rule(Timeouts.NONE, retry(2, 1 << 20, null), false));
    String big = "x".repeat(65 * 1024);
    assertThat(send("POST", "/flaky/503/1", big).status()).isEqualTo(503);
    assertThat(app.count.get()).isEqualTo(1);
  }

  @Test
  void bodyBeyondTheRulesBound_isSentOnce() throws Exception {
    plain(rule(Timeouts.NONE, retry(2, 4, null), false));
    assertThat(send("POST", "/flaky/503/1", "hello").status()).isEqualTo(503);
    assertThat(app.count.get()).isEqualTo(1);
  }

  @Test
  void retry_goesThroughTheFiltersOfItsBackendOnce() throws Exception {
    HttpFilter add =
        new HttpFilter.RequestHeaders(
            new HeaderModifier(
                List.of(new HeaderModifier.Field("x-via", "a")), List.of(), List.of()));
    Distribution<HttpFilter> filtered =
        new Distribution.FirstAvailable<>(
            List.of(new Distribution.RouteBackend<>(Harness.backend(), List.of(add))));
    plain(
        new OutboundHttpRoute.Rule(
            List.of(), List.of(), filtered, Timeouts.NONE, retry(2, 65_536, null), false));
    assertThat(get("/flaky/503/1").status()).isEqualTo(200);
    app.requests.take();
    var headers = app.requests.take().headers;
    int fields = 0;
    for (int i = 0; i < headers.size(); i++) {
      fields += headers.name(i).contentEquals("x-via") ? 1 : 0;
    }
    assertThat(fields).isEqualTo(1);
  }

  @Test
  void slowAttempt_isGivenUpForAnother() throws Exception {
    harness.service(
        Harness.policy(rule(Timeouts.NONE, retry(1, 65_536, Duration.ofMillis(100)), false)),
        false,
        Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_1).address()));
    long began = System.nanoTime();
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/hang HTTP/1.1\r\nHost: api\r\n\r\n");
      await().atMost(Duration.ofSeconds(5)).until(() -> app.count.get() == 2);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(90));
  }

  @Test
  void refusedConnection_isRetriedWhereItsStatusIsListed() throws Exception {
    plain(rule(Timeouts.NONE, retry(2, 65_536, null), false));
    MeshPeer gone = harness.plain(other, MeshPeer.Plain.HTTP_1);
    Endpoint dead = Endpoint.plain(gone.address());
    gone.close();
    harness.endpoints.set(Harness.API + ":" + Harness.PORT, Harness.set(dead));
    assertThat(get("/").status()).isEqualTo(502);
    assertThat(counter("outbound_http_route_retry_requests_total")).isEqualTo(2);
  }

  // Headers of requests.

  @Test
  void headers_overrideTheRule_whereItAllowsThat() throws Exception {
    plain(rule(Timeouts.NONE, null, true));
    assertThat(get("/flaky/503/1", "l5d-retry-http: 5xx").status()).isEqualTo(200);
    assertThat(app.requests.take().headers.toString()).doesNotContain("l5d-retry");
    assertThat(get("/hang", "l5d-timeout: 100ms").status()).isEqualTo(504);
  }

  @Test
  void headers_areLeftAlone_whereTheRuleDoesNotAllowThem() throws Exception {
    plain(rule(Timeouts.NONE, null, false));
    assertThat(get("/flaky/503/1", "l5d-retry-http: 5xx").status()).isEqualTo(503);
    assertThat(app.requests.take().headers.toString()).contains("l5d-retry-http");
  }

  // Time-outs.

  @Test
  void request_beyondItsTime_is504AndKeepsTheConnection() throws Exception {
    plain(rule(new Timeouts(Duration.ofMillis(100), null, null), null, false));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/hang HTTP/1.1\r\nHost: api\r\n\r\n");
      RawClient.Response response = client.response();
      assertThat(response.status()).isEqualTo(504);
      assertThat(response.headers().get("l5d-proxy-error")).contains("timed out");
      assertThat(response.headers()).doesNotContainKey("connection");
      client.send("GET http://api:8080/ HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
    }
    assertThat(counter("outbound_http_errors_total{error=\"response timeout\"}")).isEqualTo(1);
  }

  @Test
  void requestTime_includesRetries() throws Exception {
    Backoff slow = new Backoff(Duration.ofMillis(40), Duration.ofMillis(40), 0, false);
    plain(
        rule(
            new Timeouts(Duration.ofMillis(200), null, null),
            new Retry<>(1000, 65_536, SERVER_ERRORS, null, slow),
            false));
    assertThat(get("/status/500").status()).isEqualTo(504);
    assertThat(app.count.get()).isBetween(2, 7);
  }

  @Test
  void response_beyondItsTime_is504() throws Exception {
    plain(rule(new Timeouts(null, Duration.ofMillis(100), null), null, false));
    assertThat(get("/hang").status()).isEqualTo(504);
  }

  @Test
  void bodyThatStalls_beyondTheIdleTime_isCutOff() throws Exception {
    plain(rule(new Timeouts(null, null, Duration.ofMillis(100)), null, false));
    Assertions.assertThatThrownBy(() -> get("/stall")).isInstanceOf(IOException.class);
  }

  @Test
  void bodyThatFlows_isNotCutOff() throws Exception {
    plain(rule(new Timeouts(null, null, Duration.ofMillis(300)), null, false));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("POST http://api:8080/echo HTTP/1.1\r\nHost: api\r\nContent-Length: 8\r\n\r\n");
      for (int i = 0; i < 8; i++) {
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        client.send("x");
      }
      assertThat(client.response().body()).isEqualTo("xxxxxxxx");
    }
  }

  // Endpoints that fail.

  private static OutboundPolicy accruing(FailureAccrual accrual) {
    OutboundHttpRoute route =
        new OutboundHttpRoute(
            PolicyRef.builtin("http"), List.of(), List.of(rule(Timeouts.NONE, null, false)));
    return new OutboundPolicy(
        new PolicyRef.Resource("core", "Service", "shop", "api", Harness.PORT),
        new OutboundProtocol.Detect(
            OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
            new OutboundProtocol.Opaque(null),
            new OutboundProtocol.Http1(List.of(route), accrual),
            new OutboundProtocol.Http2(List.of(route), accrual)));
  }

  @Test
  void endpoint_failingInARow_isPutAside_andComesBackAfterOneGoodAnswer() throws Exception {
    Backoff pause = new Backoff(Duration.ofMillis(300), Duration.ofMillis(300), 0, false);
    plain(accruing(new FailureAccrual.Consecutive(3, pause)));
    for (int i = 0; i < 3; i++) {
      assertThat(get("/status/500").status()).isEqualTo(500);
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> open() == 1);
    // Waits in the queue until the endpoint is on probation, and decides.
    assertThat(get("/").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(5)).until(() -> open() == 0);
    assertThat(counter("weft_outbound_breaker_trips_total")).isEqualTo(1);
    assertThat(get("/").status()).isEqualTo(200);
  }

  private long open() {
    return counter("weft_outbound_breaker_open_endpoints");
  }

  @Test
  void endpointsAllAside_failFast() throws Exception {
    Backoff pause = new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30), 0, false);
    plain(accruing(new FailureAccrual.Consecutive(1, pause)));
    assertThat(get("/status/500").status()).isEqualTo(500);
    assertThat(get("/").status()).isEqualTo(504);
    assertThat(get("/").status()).isEqualTo(503);
    assertThat(app.count.get()).isEqualTo(1);
    assertThat(counter("outbound_http_balancer_queue_gate_shut_total")).isEqualTo(1);
  }

  @Test
  void failingEndpoint_beside_aGoodOne_getsNothingWhileAside() throws Exception {
    Backoff pause = new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30), 0, false);
    Endpoint good = Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_1).address());
    Endpoint bad = Endpoint.plain(harness.plain(other, MeshPeer.Plain.HTTP_1).address());
    harness.service(accruing(new FailureAccrual.Consecutive(2, pause)), false, good, bad);
    // Both answer this path with failures once each, so the first to fail twice is put aside.
    for (int i = 0; i < 20 && open() == 0; i++) {
      get("/status/500");
    }
    assertThat(open()).isEqualTo(1);
    int first = app.count.get();
    int second = other.count.get();
    for (int i = 0; i < 20; i++) {
      assertThat(get("/").status()).isEqualTo(200);
    }
    assertThat(app.count.get() == first || other.count.get() == second).isTrue();
  }

  @Test
  void overloadedEndpoint_isAvoided_wherePenaltiesApply() throws Exception {
    Endpoint one = Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_1).address());
    Endpoint two = Endpoint.plain(harness.plain(other, MeshPeer.Plain.HTTP_1).address());
    Backend backend =
        new Backend(
            Harness.backend().ref(),
            new Backend.Dispatcher.Balancer(
                Harness.API + ":" + Harness.PORT,
                new Backend.Load.PenaltyPeakEwma(
                    Duration.ofMillis(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(10))),
            Backend.Queue.DEFAULT);
    harness.service(
        Harness.policy(
            new OutboundHttpRoute.Rule(
                List.of(), List.of(), Distribution.to(backend), Timeouts.NONE, null, false)),
        false,
        one,
        two);
    assertThat(get("/status/429").status()).isEqualTo(429);
    TestApp limited = app.count.get() == 1 ? app : other;
    for (int i = 0; i < 30; i++) {
      assertThat(get("/").status()).isEqualTo(200);
    }
    assertThat(limited.count.get()).isEqualTo(1);
  }

  // gRPC.

  @Test
  void grpcStatusInTrailers_isRetried() throws Exception {
    Retry<GrpcRetryOn> retry =
        new Retry<>(2, 65_536, new GrpcRetryOn(Set.of(GrpcRetryOn.Code.UNAVAILABLE)), null, QUICK);
    OutboundGrpcRoute route =
        new OutboundGrpcRoute(
            PolicyRef.builtin("grpc"),
            List.of(),
            List.of(
                new OutboundGrpcRoute.Rule(
                    List.of(),
                    List.of(),
                    Distribution.to(Harness.backend()),
                    Timeouts.NONE,
                    retry,
                    false)));
    OutboundPolicy policy =
        new OutboundPolicy(
            new PolicyRef.Resource("core", "Service", "shop", "api", Harness.PORT),
            new OutboundProtocol.Grpc(List.of(route), null));
    harness.service(
        policy, false, Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_2).address()));
    assertThat(GrpcCalls.echo(harness, "trailers-14-2/Call", new byte[] {7})).containsExactly(7);
    assertThat(app.count.get()).isEqualTo(3);
    assertThat(counter("outbound_grpc_route_retry_requests_total")).isEqualTo(2);
  }
}
