package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.RouteHit;
import dev.weft.proxy.forward.RequestFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Rules of a plan that ask nothing of what they carry: all of it goes to the same backends. Runs on
 * its lane's loop only.
 */
final class PlainRules {
  private final TargetBackends backends;
  private final PlanMeters meters;

  PlainRules(TargetBackends backends, PlanMeters meters) {
    this.backends = backends;
    this.meters = meters;
  }

  /** A backend with its share. */
  record Weighted(Dispatch.Spec spec, long weight) {}

  /** For bytes. */
  TcpRule tcp(PolicyRef ref, List<Weighted> targets) {
    return new TcpRule(
        ref,
        null,
        new Split<>(
            targets.stream()
                .map(
                    t ->
                        new Split.Leg<>(backends.tcp(t.spec()), new TcpRule.Gate(null), t.weight()))
                .toList(),
            true),
        meters.tcp(ref));
  }

  /** For requests. */
  HttpRoutes http(PolicyRef ref, List<Weighted> targets, Function<Dispatch.Spec, HttpBackend> of) {
    return always(patient(ref, RequestFilters.NONE, new Split<>(legs(ref, targets, of), true)));
  }

  /** The targets as the legs of a split. */
  List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs(
      PolicyRef ref, List<Weighted> targets, Function<Dispatch.Spec, HttpBackend> of) {
    List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs = new ArrayList<>();
    for (Weighted target : targets) {
      legs.add(
          new Split.Leg<>(
              of.apply(target.spec()),
              meters.httpBackend(ref, target.spec(), RequestFilters.NONE),
              target.weight()));
    }
    return legs;
  }

  static HttpRoutes always(HttpRule rule) {
    RouteHit<HttpRule> hit = new RouteHit<>(rule, null);
    return _ -> hit;
  }

  /** A rule that waits as long as it takes, and tries once. */
  HttpRule patient(
      PolicyRef route, RequestFilters filters, Split<HttpBackend, HttpRule.ToBackend> split) {
    return new HttpRule(route, filters, split, meters.http(route), Conduct.PATIENT, null);
  }
}
