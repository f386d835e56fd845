package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Retry;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.forward.RequestFilters;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The routes of a service profile as rules of a plan. Runs on its lane's loop only. */
final class ProfileRules {
  private final Lane lane;
  private final PlanMeters meters;
  private final PlainRules plain;

  ProfileRules(Lane lane, PlanMeters meters, PlainRules plain) {
    this.lane = lane;
    this.meters = meters;
    this.plain = plain;
  }

  /** The budget that retries of all routes share. */
  @Nullable RetryBudget budget(ProfileRoute.@Nullable Budget budget) {
    return budget == null
        ? null
        : new RetryBudget(budget.ttl(), budget.minPerSecond(), budget.ratio(), lane.nanoTime());
  }

  /**
   * The routes of the profile, then all else.
   *
   * @param targets what all of them lead to
   */
  HttpRoutes http(
      PolicyRef ref,
      Discovered.ProfileRouting routing,
      List<PlainRules.Weighted> targets,
      @Nullable RetryBudget budget,
      Function<Dispatch.Spec, HttpBackend> of) {
    Split<HttpBackend, HttpRule.ToBackend> split = new Split<>(plain.legs(ref, targets, of), true);
    List<ProfileTable.Entry> entries = new ArrayList<>();
    for (ProfileRoute route : routing.routes()) {
      ProfileClasses classes = new ProfileClasses(route.classes());
      RetryRule retry =
          route.retryable() && budget != null
              ? new RetryRule(
                  Integer.MAX_VALUE, Retry.DEFAULT_MAX_REQUEST_BYTES, classes, 0, null, budget)
              : null;
      long timeoutNanos = route.timeout() == null ? 0 : route.timeout().toNanos();
      Conduct conduct =
          timeoutNanos == 0 && retry == null
              ? Conduct.PATIENT
              : new Conduct(0, 0, 0, timeoutNanos, retry, false);
      entries.add(
          ProfileTable.entry(
              route.condition(),
              rule(routing.authority(), route.labels(), classes, split, conduct)));
    }
    HttpRule otherwise =
        rule(routing.authority(), Map.of(), ProfileClasses.USUAL, split, Conduct.PATIENT);
    return new ProfileTable(entries, otherwise);
  }

  private HttpRule rule(
      String authority,
      Map<String, String> labels,
      ProfileClasses classes,
      Split<HttpBackend, HttpRule.ToBackend> split,
      Conduct conduct) {
    OutboundMetrics metrics = lane.outbound().metrics();
    return new HttpRule(
        Discovered.PROFILE,
        RequestFilters.NONE,
        split,
        meters.http(Discovered.PROFILE),
        conduct,
        new ProfileRule(
            AsciiString.of(authority),
            new ProfileMeter(
                metrics.profiles,
                lane.shard(),
                OutboundMetrics.profile(authority, labels),
                classes)));
  }
}
