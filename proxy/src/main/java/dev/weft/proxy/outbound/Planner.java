package dev.weft.proxy.outbound;

import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.route.HttpFilter;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.metrics.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what was discovered of a target into its {@link Plan}. Backends that an update does not
 * change are kept, with their connections; others are closed. Runs on its lane's loop only.
 */
final class Planner {
  private final Lane lane;
  private final Target target;
  private final TargetBackends backends;

  // Of the plan being made.
  private PlanMeters meters;
  private PlainRules plain;

  Planner(Lane lane, Target target) {
    this.lane = lane;
    this.target = target;
    this.backends = new TargetBackends(lane);
    this.meters = new PlanMeters(lane, target, Labels.NONE);
    this.plain = new PlainRules(backends, meters);
  }

  /** The plan for what was discovered last. */
  Plan plan(Discovered discovered) {
    backends.begin();
    Plan plan;
    try {
      plan =
          switch (discovered) {
            case Discovered.ByPolicy byPolicy -> byPolicy(byPolicy);
            case Discovered.Direct direct -> direct(direct);
            case Discovered.Refused(String cause) -> refused(PolicyRef.builtin("invalid"), cause);
          };
    } catch (InvalidPolicyException e) {
      plan = invalid(String.valueOf(e.getMessage()));
    }
    backends.closeUnused();
    return plan;
  }

  /** What follows is counted under what the plan is made from. */
  private void parent(PolicyRef ref) {
    Labels labels = OutboundMetrics.service("parent", ref);
    backends.parent(labels);
    meters = new PlanMeters(lane, target, labels);
    plain = new PlainRules(backends, meters);
  }

  /** Closes all backends; requests and connections under way go on. */
  void close() {
    backends.begin();
    backends.closeUnused();
  }

  private Plan byPolicy(Discovered.ByPolicy discovered) {
    PolicyRef ref = discovered.policy().ref();
    parent(ref);
    OutboundProtocol protocol = discovered.policy().protocol();
    Plan plan = byPolicy(ref, discovered.opaque(), protocol);
    return discovered.routing() == null
        ? plan
        : byProfile(plan, discovered.opaque(), discovered.routing());
  }

  private Plan byPolicy(PolicyRef ref, boolean opaqueOnly, OutboundProtocol protocol) {
    PolicyRules rules = new PolicyRules(backends, meters, plain);
    if (opaqueOnly) {
      OutboundProtocol.Opaque opaque = Discovered.opaque(protocol);
      return opaque == null
          ? refused(ref, "the profile is opaque, the policy speaks HTTP or TLS only")
          : opaque(ref, opaque, rules);
    }
    return switch (protocol) {
      case OutboundProtocol.Detect detect ->
          new Plan(
              ref,
              Plan.Mode.DETECT,
              rules.http(detect.http1().routes(), detect.http1().accrual(), backends::http1),
              rules.http(detect.http2().routes(), detect.http2().accrual(), backends::http2),
              detect.opaque().route() == null ? null : rules.opaque(detect.opaque().route()),
              null,
              "");
      case OutboundProtocol.Http1 spoken ->
          http1(ref, rules.http(spoken.routes(), spoken.accrual(), backends::http1));
      case OutboundProtocol.Http2 spoken ->
          http2(ref, rules.http(spoken.routes(), spoken.accrual(), backends::http2));
      case OutboundProtocol.Grpc spoken ->
          http2(ref, rules.grpc(spoken.routes(), spoken.accrual()));
      case OutboundProtocol.Opaque opaque -> opaque(ref, opaque, rules);
      case OutboundProtocol.Tls spoken ->
          new Plan(ref, Plan.Mode.TLS, null, null, null, rules.tls(spoken.routes()), "");
    };
  }

  private static Plan http1(PolicyRef ref, HttpRoutes routes) {
    return new Plan(ref, Plan.Mode.HTTP_1, routes, null, null, null, "");
  }

  private static Plan http2(PolicyRef ref, HttpRoutes routes) {
    return new Plan(ref, Plan.Mode.HTTP_2, null, routes, null, null, "");
  }

  /** HTTP goes by the routes of the profile; other bytes too where it splits traffic. */
  private Plan byProfile(Plan policy, boolean opaqueOnly, Discovered.ProfileRouting routing) {
    PolicyRef ref = policy.parent();
    List<PlainRules.Weighted> targets = new ArrayList<>();
    for (Profile.WeightedTarget override : routing.overrides()) {
      targets.add(new PlainRules.Weighted(balance(ref, override.authority()), override.weight()));
    }
    TcpRule opaque = targets.isEmpty() ? policy.opaque() : plain.tcp(ref, targets);
    if (opaqueOnly && !targets.isEmpty()) {
      return everywhere(ref, true, targets);
    }
    boolean looks =
        switch (policy.mode()) {
          case DETECT, HTTP_1, HTTP_2 -> true;
          case OPAQUE, TLS, REFUSE -> false;
        };
    if (!looks) {
      return targets.isEmpty()
          ? policy
          : everywhere(ref, policy.mode() == Plan.Mode.OPAQUE, targets);
    }
    if (targets.isEmpty()) {
      targets.add(new PlainRules.Weighted(balance(ref, routing.authority()), 1));
    }
    ProfileRules rules = new ProfileRules(lane, meters, plain);
    RetryBudget budget = rules.budget(routing.budget());
    return new Plan(
        ref,
        policy.mode(),
        rules.http(ref, routing, targets, budget, backends::http1),
        rules.http(ref, routing, targets, budget, backends::http2),
        opaque,
        null,
        "");
  }

  private static Dispatch.Spec balance(PolicyRef ref, String authority) {
    return new Dispatch.Spec(ref, new Dispatch.Balance(authority, LoadParams.DEFAULT));
  }

  private Plan direct(Discovered.Direct direct) {
    parent(direct.ref());
    return everywhere(
        direct.ref(),
        direct.opaque(),
        List.of(new PlainRules.Weighted(new Dispatch.Spec(direct.ref(), direct.dispatch()), 1)));
  }

  /** Everything of every protocol goes to the same places. */
  private Plan everywhere(PolicyRef ref, boolean opaque, List<PlainRules.Weighted> targets) {
    return new Plan(
        ref,
        opaque ? Plan.Mode.OPAQUE : Plan.Mode.DETECT,
        plain.http(ref, targets, backends::http1),
        plain.http(ref, targets, backends::http2),
        plain.tcp(ref, targets),
        null,
        "");
  }

  /**
   * Opaque bytes; but a client of the explicit mode which speaks HTTP to the proxy itself is served
   * by the same backends, over connections whose bytes nobody else reads.
   */
  private Plan opaque(PolicyRef ref, OutboundProtocol.Opaque opaque, PolicyRules rules) {
    OutboundOpaqueRoute route = opaque.route();
    if (route == null) {
      return refused(ref, "the policy has no route for opaque connections");
    }
    TcpRule rule = rules.opaque(route);
    return new Plan(
        ref,
        Plan.Mode.OPAQUE,
        rules.sameAs(route, rule, backends::http1),
        rules.sameAs(route, rule, backends::http2),
        rule,
        null,
        "");
  }

  private static Plan refused(PolicyRef ref, String cause) {
    return new Plan(ref, Plan.Mode.REFUSE, null, null, null, null, cause);
  }

  /** A policy that cannot be compiled: HTTP is answered with 500, all else is refused. */
  private Plan invalid(String cause) {
    PolicyRef ref = PolicyRef.builtin("invalid");
    HttpRoutes table =
        PlainRules.always(
            plain.patient(
                ref,
                RequestFilters.http(List.of(new HttpFilter.Unusable("invalid policy: " + cause))),
                new Split<>(List.of(), false)));
    return new Plan(ref, Plan.Mode.DETECT, table, table, null, null, "");
  }
}
