package dev.weft.proxy.control.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.HttpStatusRange;
import dev.weft.api.destination.PathMatch;
import dev.weft.api.destination.RequestMatch;
import dev.weft.api.destination.ResponseClass;
import dev.weft.api.destination.ResponseMatch;
import dev.weft.api.destination.RetryBudget;
import dev.weft.api.destination.Route;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.control.ProfileRoute.Condition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProfilesTest {
  private static RequestMatch path(String regex) {
    return RequestMatch.newBuilder().setPath(PathMatch.newBuilder().setRegex(regex)).build();
  }

  private static Profile decode(Route... routes) {
    return Profiles.decode(
        DestinationProfile.newBuilder()
            .setFullyQualifiedName("api.shop.svc.cluster.local")
            .addAllRoutes(List.of(routes))
            .build());
  }

  @Test
  void route_isDecodedWhole() {
    Route route =
        Route.newBuilder()
            .setCondition(
                RequestMatch.newBuilder()
                    .setAll(
                        RequestMatch.Seq.newBuilder()
                            .addMatches(path("/a"))
                            .addMatches(RequestMatch.newBuilder().setNot(path("/b")))))
            .addResponseClasses(
                ResponseClass.newBuilder()
                    .setIsFailure(true)
                    .setCondition(
                        ResponseMatch.newBuilder()
                            .setStatus(HttpStatusRange.newBuilder().setMin(500).setMax(599))))
            .putMetricsLabels("route", "a")
            .setIsRetryable(true)
            .setTimeout(Duration.newBuilder().setSeconds(2))
            .build();
    assertThat(decode(route).routes())
        .containsExactly(
            new ProfileRoute(
                new Condition.All(
                    List.of(new Condition.Path("/a"), new Condition.Not(new Condition.Path("/b")))),
                List.of(
                    new ProfileRoute.ResponseClass(
                        new ProfileRoute.ResponseCondition.Status(500, 599), true)),
                Map.of("route", "a"),
                true,
                java.time.Duration.ofSeconds(2)));
  }

  @Test
  void routesThatCannotBeUnderstood_areLeftOut() {
    Route good = Route.newBuilder().setCondition(path("/ok")).build();
    Route bad = Route.newBuilder().setCondition(path("(")).build();
    Route empty = Route.newBuilder().setCondition(RequestMatch.getDefaultInstance()).build();
    Profile profile = decode(bad, Route.getDefaultInstance(), empty, good);
    assertThat(profile.routes()).hasSize(1);
    assertThat(profile.routesHttp()).isTrue();
  }

  @Test
  void budgetOutOfBounds_isNone() {
    assertThat(budget(0.2f, 10))
        .isEqualTo(new ProfileRoute.Budget(java.time.Duration.ofSeconds(10), 5, 0.2f));
    assertThat(budget(0.2f, 61)).isNull();
    assertThat(budget(0.2f, 0)).isNull();
    assertThat(budget(-1, 10)).isNull();
    assertThat(budget(Float.NaN, 10)).isNull();
  }

  private static ProfileRoute.Budget budget(float ratio, long ttlSeconds) {
    return ProfileRoutes.budget(
        RetryBudget.newBuilder()
            .setRetryRatio(ratio)
            .setMinRetriesPerSecond(5)
            .setTtl(Duration.newBuilder().setSeconds(ttlSeconds))
            .build());
  }
}
