package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.control.ProfileRoute.Condition;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.RequestView;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes of ServiceProfiles: which holds, and what it does, over sockets. */
@Timeout(60)
final class ProfileRoutesTest {
  private static final Target TARGET = new Target.Name(Harness.API, Harness.PORT);
  private static final ProfileRoute.Budget BUDGET =
      new ProfileRoute.Budget(Duration.ofSeconds(10), 10, 0.2);

  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("one");
  private final TestApp other = new TestApp("two");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private static ProfileRoute route(String regex, boolean retryable, @Nullable Duration timeout) {
    return new ProfileRoute(
        new Condition.Path(regex), List.of(), Map.of("route", regex), retryable, timeout);
  }

  private void profile(ProfileRoute.@Nullable Budget budget, ProfileRoute... routes) {
    profile(new Profile(Harness.API, false, null, List.of(), List.of(routes), budget));
  }

  private void profile(Profile profile) {
    harness.service(
        Harness.policy(new OutboundHttpRoute.Rule[0]),
        false,
        Endpoint.plain(harness.plain(app, MeshPeer.Plain.HTTP_1).address()));
    harness.profiles.set(TARGET, profile);
  }

  private RawClient.Response get(String path) throws IOException {
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080" + path + " HTTP/1.1\r\nHost: api\r\n\r\n");
      return client.response();
    }
  }

  private String metrics() {
    return harness.metrics.print();
  }

  private static boolean holds(Condition condition, String method, String path) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, method, path);
    return ProfileTable.compile(condition).test(new RequestView(head));
  }

  @Test
  void conditions_combine() {
    Condition books = new Condition.Path("/books/\\d+");
    Condition get = new Condition.Method("GET");
    assertThat(holds(books, "GET", "/books/12?x=1")).isTrue();
    assertThat(holds(books, "GET", "/books/12/edit")).isFalse();
    assertThat(holds(books, "GET", "/api/books/12")).isFalse();
    assertThat(holds(new Condition.All(List.of(books, get)), "PUT", "/books/1")).isFalse();
    assertThat(holds(new Condition.Any(List.of(books, get)), "GET", "/")).isTrue();
    assertThat(holds(new Condition.Not(get), "GET", "/")).isFalse();
    assertThat(holds(new Condition.All(List.of()), "GET", "/")).isTrue();
    assertThat(holds(new Condition.Any(List.of()), "GET", "/")).isFalse();
    assertThat(holds(new Condition.Path("/a|/ab"), "GET", "/ab")).isTrue();
  }

  @Test
  void profileWithRoutes_replacesThePolicysRoutes() throws Exception {
    profile(BUDGET, route("/known", false, null));
    assertThat(get("/known").status()).isEqualTo(200);
    assertThat(get("/other").status()).isEqualTo(200);
    assertThat(String.valueOf(app.requests.take().headers.get(AsciiString.of("l5d-dst-canonical"))))
        .isEqualTo(Harness.API + ":" + Harness.PORT);
    assertThat(metrics())
        .containsPattern("route_request_total\\{direction=\"outbound\",dst=\"[^\"]*\"} 1")
        .containsPattern("route_response_total\\{[^}]*rt_route=\"/known\"[^}]*} 1");
  }

  @Test
  void profileWithoutRoutes_leavesThePolicysRoutes() throws Exception {
    profile(BUDGET);
    assertThat(get("/known").status()).isEqualTo(404);
  }

  @Test
  void serviceWithoutPolicy_isBalancedByItsProfile() throws Exception {
    profile(BUDGET);
    harness.policies.end(TARGET, io.grpc.Status.Code.NOT_FOUND);
    assertThat(get("/").status()).isEqualTo(200);
  }

  @Test
  void retryableRoute_retriesWithinTheBudget() throws Exception {
    profile(BUDGET, route("/flaky/.*", true, null));
    assertThat(get("/flaky/503/4").status()).isEqualTo(200);
    assertThat(app.count.get()).isEqualTo(5);
    assertThat(metrics()).containsPattern("route_retryable_total\\{[^}]*} 4");
    assertThat(metrics()).containsPattern("route_actual_request_total\\{[^}]*/flaky[^}]*} 5");
    assertThat(metrics()).containsPattern("route_request_total\\{[^}]*/flaky[^}]*} 1");
  }

  @Test
  void budget_spent_endsRetries() throws Exception {
    profile(new ProfileRoute.Budget(Duration.ofSeconds(1), 3, 0), route("/status/.*", true, null));
    assertThat(get("/status/503").status()).isEqualTo(503);
    assertThat(app.count.get()).isEqualTo(4);
    assertThat(metrics()).contains("skipped=\"no_budget\"");
  }

  @Test
  void noBudget_retriesNothing() throws Exception {
    profile(null, route("/flaky/.*", true, null));
    assertThat(get("/flaky/503/1").status()).isEqualTo(503);
  }

  @Test
  void responseClasses_decideWhatAFailureIs() throws Exception {
    ProfileRoute.ResponseClass missing =
        new ProfileRoute.ResponseClass(new ProfileRoute.ResponseCondition.Status(404, 404), true);
    ProfileRoute.ResponseClass fine =
        new ProfileRoute.ResponseClass(new ProfileRoute.ResponseCondition.Status(500, 500), false);
    profile(
        BUDGET,
        new ProfileRoute(
            new Condition.Path("/flaky/.*"), List.of(missing, fine), Map.of(), true, null));
    assertThat(get("/flaky/404/1").status()).isEqualTo(200);
    assertThat(get("/flaky/500/1").status()).isEqualTo(500);
    assertThat(metrics())
        .containsPattern("route_response_total\\{[^}]*status_code=\"500\"[^}]*\"success\"[^}]*} 1");
  }

  @Test
  void timeout_is504AndClosesTheConnection() throws Exception {
    profile(BUDGET, route("/hang", false, Duration.ofMillis(100)));
    RawClient.Response response = get("/hang");
    assertThat(response.status()).isEqualTo(504);
    assertThat(response.headers()).containsEntry("connection", "close");
  }

  @Test
  void overrides_splitTraffic() throws Exception {
    Endpoint two = Endpoint.plain(harness.plain(other, MeshPeer.Plain.HTTP_1).address());
    harness.endpoints.set("canary.shop.svc.cluster.local:80", Harness.set(two));
    profile(
        new Profile(
            Harness.API,
            false,
            null,
            List.of(new Profile.WeightedTarget("canary.shop.svc.cluster.local:80", 1)),
            List.of(route("/", false, null)),
            BUDGET));
    assertThat(get("/").body()).isEqualTo("two");
  }
}
