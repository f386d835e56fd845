package dev.weft.proxy.outbound;

import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.OutboundGrpcRoute;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.OutboundTlsRoute;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.RouteHit;
import dev.weft.policy.route.RouteTable;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.metrics.Labels;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was discovered of a target into its {@link Plan}. Backends that an update does not
 * change are kept, with their connections; others are closed. Runs on its lane's loop only.
 */
final class Planner {
  /** Why a filter lets nothing through which is meant to. */
  static final String FORBIDDEN = "forbidden";

  private final Lane lane;
  private final Target target;
  private final Map<Dispatch.Spec, HttpBackend> http1 = new HashMap<>();
  private final Map<Dispatch.Spec, HttpBackend> http2 = new HashMap<>();
  private final Map<Dispatch.Spec, TcpBackend> tcp = new HashMap<>();
  private final Map<Dispatch.Spec, TcpBackend> tls = new HashMap<>();

  /** What the plan being made uses. */
  private final Set<Dispatch.Spec> used = new HashSet<>();

  private Labels parent = Labels.NONE;

  Planner(Lane lane, Target target) {
    this.lane = lane;
    this.target = target;
  }

  /** The plan for what was discovered last. */
  Plan plan(Discovered discovered) {
    used.clear();
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
    closeUnused();
    return plan;
  }

  /** Closes all backends; requests and connections under way go on. */
  void close() {
    used.clear();
    closeUnused();
  }

  private Plan byPolicy(Discovered.ByPolicy discovered) {
    PolicyRef ref = discovered.policy().ref();
    parent = OutboundMetrics.service("parent", ref);
    OutboundProtocol protocol = discovered.policy().protocol();
    Plan plan = byPolicy(ref, discovered.opaque(), protocol);
    return discovered.routing() == null
        ? plan
        : byProfile(plan, discovered.opaque(), discovered.routing());
  }

  private Plan byPolicy(PolicyRef ref, boolean opaqueOnly, OutboundProtocol protocol) {
    if (opaqueOnly) {
      OutboundProtocol.Opaque opaque = Discovered.opaque(protocol);
      return opaque == null
          ? refused(ref, "the profile is opaque, the policy speaks HTTP or TLS only")
          : opaque(ref, opaque);
    }
    return switch (protocol) {
      case OutboundProtocol.Detect detect ->
          new Plan(
              ref,
              Plan.Mode.DETECT,
              http(detect.http1().routes(), detect.http1().accrual(), this::http1),
              http(detect.http2().routes(), detect.http2().accrual(), this::http2),
              detect.opaque().route() == null ? null : opaque(detect.opaque().route()),
              null,
              "");
      case OutboundProtocol.Http1 spoken ->
          new Plan(
              ref,
              Plan.Mode.HTTP_1,
              http(spoken.routes(), spoken.accrual(), this::http1),
              null,
              null,
              null,
              "");
      case OutboundProtocol.Http2 spoken ->
          new Plan(
              ref,
              Plan.Mode.HTTP_2,
              null,
              http(spoken.routes(), spoken.accrual(), this::http2),
              null,
              null,
              "");
      case OutboundProtocol.Grpc spoken ->
          new Plan(
              ref, Plan.Mode.HTTP_2, null, grpc(spoken.routes(), spoken.accrual()), null, null, "");
      case OutboundProtocol.Opaque opaque -> opaque(ref, opaque);
      case OutboundProtocol.Tls spoken ->
          new Plan(ref, Plan.Mode.TLS, null, null, null, tls(spoken.routes()), "");
    };
  }

  /** HTTP goes by the routes of the profile; other bytes too where it splits traffic. */
  private Plan byProfile(Plan policy, boolean opaqueOnly, Discovered.ProfileRouting routing) {
    PolicyRef ref = policy.parent();
    List<Weighted> targets = new ArrayList<>();
    for (Profile.WeightedTarget override : routing.overrides()) {
      targets.add(new Weighted(balance(ref, override.authority()), override.weight()));
    }
    TcpRule opaque = targets.isEmpty() ? policy.opaque() : split(ref, targets);
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
      targets.add(new Weighted(balance(ref, routing.authority()), 1));
    }
    RetryBudget budget = budget(routing.budget());
    return new Plan(
        ref,
        policy.mode(),
        profile(ref, routing, targets, budget, this::http1),
        profile(ref, routing, targets, budget, this::http2),
        opaque,
        null,
        "");
  }

  private static Dispatch.Spec balance(PolicyRef ref, String authority) {
    return new Dispatch.Spec(ref, new Dispatch.Balance(authority, LoadParams.DEFAULT));
  }

  private @Nullable RetryBudget budget(ProfileRoute.@Nullable Budget budget) {
    return budget == null
        ? null
        : new RetryBudget(budget.ttl(), budget.minPerSecond(), budget.ratio(), lane.nanoTime());
  }

  private HttpRoutes profile(
      PolicyRef ref,
      Discovered.ProfileRouting routing,
      List<Weighted> targets,
      @Nullable RetryBudget budget,
      Function<Dispatch.Spec, HttpBackend> backends) {
    Split<HttpBackend, HttpRule.ToBackend> split = new Split<>(legs(ref, targets, backends), true);
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
              profile(routing.authority(), route.labels(), classes, split, conduct)));
    }
    HttpRule otherwise =
        profile(routing.authority(), Map.of(), ProfileClasses.USUAL, split, Conduct.PATIENT);
    return new ProfileTable(entries, otherwise);
  }

  private HttpRule profile(
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
        meters(Discovered.PROFILE, false),
        conduct,
        new ProfileRule(
            AsciiString.of(authority),
            new ProfileMeter(
                metrics.profiles,
                lane.shard(),
                OutboundMetrics.profile(authority, labels),
                classes)));
  }

  private Plan direct(Discovered.Direct direct) {
    parent = OutboundMetrics.service("parent", direct.ref());
    return everywhere(
        direct.ref(),
        direct.opaque(),
        List.of(new Weighted(new Dispatch.Spec(direct.ref(), direct.dispatch()), 1)));
  }

  /** A backend with its share. */
  private record Weighted(Dispatch.Spec spec, long weight) {}

  /** Everything of every protocol goes to the same places. */
  private Plan everywhere(PolicyRef ref, boolean opaque, List<Weighted> targets) {
    return new Plan(
        ref,
        opaque ? Plan.Mode.OPAQUE : Plan.Mode.DETECT,
        catchAll(ref, targets, this::http1),
        catchAll(ref, targets, this::http2),
        split(ref, targets),
        null,
        "");
  }

  private TcpRule split(PolicyRef ref, List<Weighted> targets) {
    return new TcpRule(
        ref,
        null,
        new Split<>(
            targets.stream()
                .map(t -> new Split.Leg<>(tcp(t.spec()), new TcpRule.Gate(null), t.weight()))
                .toList(),
            true),
        tcpMeter(ref));
  }

  private HttpRoutes catchAll(
      PolicyRef ref, List<Weighted> targets, Function<Dispatch.Spec, HttpBackend> backends) {
    return always(
        patient(ref, RequestFilters.NONE, new Split<>(legs(ref, targets, backends), true)));
  }

  private List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs(
      PolicyRef ref, List<Weighted> targets, Function<Dispatch.Spec, HttpBackend> backends) {
    List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs = new ArrayList<>();
    for (Weighted target : targets) {
      legs.add(
          new Split.Leg<>(
              backends.apply(target.spec()),
              toBackend(ref, target.spec(), RequestFilters.NONE),
              target.weight()));
    }
    return legs;
  }

  /**
   * Opaque bytes; but a client of the explicit mode which speaks HTTP to the proxy itself is served
   * by the same backends, over connections whose bytes nobody else reads.
   */
  private Plan opaque(PolicyRef ref, OutboundProtocol.Opaque opaque) {
    OutboundOpaqueRoute route = opaque.route();
    if (route == null) {
      return refused(ref, "the policy has no route for opaque connections");
    }
    TcpRule rule = opaque(route);
    return new Plan(
        ref,
        Plan.Mode.OPAQUE,
        sameAs(route, rule, this::http1),
        sameAs(route, rule, this::http2),
        rule,
        null,
        "");
  }

  private HttpRoutes sameAs(
      OutboundOpaqueRoute route, TcpRule rule, Function<Dispatch.Spec, HttpBackend> backends) {
    List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs = new ArrayList<>();
    for (Split.Leg<TcpBackend, TcpRule.Gate> leg : rule.split().legs()) {
      Dispatch.Spec spec = leg.backend().spec();
      legs.add(
          new Split.Leg<>(
              backends.apply(spec),
              toBackend(route.ref(), spec, gate(leg.filters().refusal())),
              leg.weight()));
    }
    return always(
        patient(route.ref(), gate(rule.refusal()), new Split<>(legs, rule.split().weighted())));
  }

  private static HttpRoutes always(HttpRule rule) {
    RouteHit<HttpRule> hit = new RouteHit<>(rule, null);
    return _ -> hit;
  }

  /** A rule that waits as long as it takes, and tries once. */
  private HttpRule patient(
      PolicyRef route, RequestFilters filters, Split<HttpBackend, HttpRule.ToBackend> split) {
    return new HttpRule(route, filters, split, meters(route, false), Conduct.PATIENT, null);
  }

  private static RequestFilters gate(@Nullable String refusal) {
    return refusal == null
        ? RequestFilters.NONE
        : RequestFilters.http(List.of(new HttpFilter.Fail(403, refusal, null)));
  }

  private HttpRoutes http(
      List<OutboundHttpRoute> routes,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, HttpBackend> backends) {
    RouteTable.Builder<HttpRule> table = RouteTable.builder();
    for (OutboundHttpRoute route : routes) {
      for (OutboundHttpRoute.Rule rule : route.rules()) {
        HttpRule compiled =
            new HttpRule(
                route.ref(),
                RequestFilters.http(rule.filters()),
                split(
                    rule.distribution(),
                    accrual,
                    backends,
                    (spec, filters) -> toBackend(route.ref(), spec, RequestFilters.http(filters))),
                meters(route.ref(), false),
                Conduct.of(
                    rule.timeouts(), RetryRule.http(rule.retry()), rule.allowRequestHeaders()),
                null);
        table.http(route.hosts(), rule.matches(), compiled);
      }
    }
    return table.build()::find;
  }

  private HttpRoutes grpc(List<OutboundGrpcRoute> routes, @Nullable FailureAccrual accrual) {
    RouteTable.Builder<HttpRule> table = RouteTable.builder();
    for (OutboundGrpcRoute route : routes) {
      for (OutboundGrpcRoute.Rule rule : route.rules()) {
        HttpRule compiled =
            new HttpRule(
                route.ref(),
                RequestFilters.grpc(rule.filters()),
                split(
                    rule.distribution(),
                    accrual,
                    this::http2,
                    (spec, filters) ->
                        grpcToBackend(route.ref(), spec, RequestFilters.grpc(filters))),
                meters(route.ref(), true),
                Conduct.of(
                    rule.timeouts(), RetryRule.grpc(rule.retry()), rule.allowRequestHeaders()),
                null);
        table.grpc(route.hosts(), rule.matches(), compiled);
      }
    }
    return table.build()::find;
  }

  private RouteTable<TcpRule> tls(List<OutboundTlsRoute> routes) {
    RouteTable.Builder<TcpRule> table = RouteTable.builder();
    for (OutboundTlsRoute route : routes) {
      table.http(
          route.serverNames(),
          List.of(),
          new TcpRule(
              route.ref(),
              refusal(route.filters()),
              split(
                  route.distribution(),
                  null,
                  this::tls,
                  (_, own) -> new TcpRule.Gate(refusal(own))),
              tlsMeter(route.ref())));
    }
    return table.build();
  }

  private TcpRule opaque(OutboundOpaqueRoute route) {
    return new TcpRule(
        route.ref(),
        refusal(route.filters()),
        split(route.distribution(), null, this::tcp, (_, own) -> new TcpRule.Gate(refusal(own))),
        tcpMeter(route.ref()));
  }

  /** Only the first filter of an opaque or TLS route counts. */
  private static @Nullable String refusal(List<TcpFilter> filters) {
    if (filters.isEmpty()) {
      return null;
    }
    return switch (filters.getFirst()) {
      case TcpFilter.Forbidden() -> FORBIDDEN;
      case TcpFilter.Invalid(String message) -> "invalid: " + message;
    };
  }

  /** Makes what a rule does for one backend. */
  private interface LegFilters<F, L> {
    L of(Dispatch.Spec spec, List<F> filters);
  }

  private <F, B extends Split.Part, L> Split<B, L> split(
      Distribution<F> distribution,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, B> backends,
      LegFilters<F, L> legFilters) {
    List<Split.Leg<B, L>> legs = new ArrayList<>();
    boolean weighted = false;
    switch (distribution) {
      case Distribution.Empty<F>() -> {}
      case Distribution.FirstAvailable<F>(List<Distribution.RouteBackend<F>> all) -> {
        for (Distribution.RouteBackend<F> one : all) {
          legs.add(leg(one, 1, accrual, backends, legFilters));
        }
      }
      case Distribution.Random<F>(List<Distribution.Weighted<F>> all) -> {
        weighted = true;
        for (Distribution.Weighted<F> one : all) {
          legs.add(leg(one.backend(), one.weight(), accrual, backends, legFilters));
        }
      }
    }
    return new Split<>(legs, weighted);
  }

  private <F, B extends Split.Part, L> Split.Leg<B, L> leg(
      Distribution.RouteBackend<F> backend,
      long weight,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, B> backends,
      LegFilters<F, L> legFilters) {
    Dispatch.Spec spec =
        new Dispatch.Spec(backend.backend().ref(), Discovered.dispatch(backend.backend(), accrual));
    return new Split.Leg<>(backends.apply(spec), legFilters.of(spec, backend.filters()), weight);
  }

  private HttpRule.ToBackend toBackend(
      PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    return toBackend(lane.outbound().metrics().httpRoutes, route, spec, filters);
  }

  private HttpRule.ToBackend grpcToBackend(
      PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    return toBackend(lane.outbound().metrics().grpcRoutes, route, spec, filters);
  }

  private HttpRule.ToBackend toBackend(
      RouteFamilies families, PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    Labels labels =
        parent
            .and(OutboundMetrics.route(route))
            .and(OutboundMetrics.service("backend", spec.ref()));
    return new HttpRule.ToBackend(filters, new BackendMeter(families, lane.shard(), labels));
  }

  private RouteMeters meters(PolicyRef route, boolean grpc) {
    OutboundMetrics metrics = lane.outbound().metrics();
    return new RouteMeters(
        grpc ? metrics.grpcRoutes : metrics.httpRoutes,
        lane.shard(),
        parent.and(OutboundMetrics.route(route)),
        lane.outbound().config().hostnameLabels());
  }

  private TcpRouteMeter tcpMeter(PolicyRef route) {
    return new TcpRouteMeter(
        lane.outbound().metrics().tcpRoutes,
        lane.shard(),
        parent.and(OutboundMetrics.route(route)).and(OutboundMetrics.targetIp(target.text())));
  }

  private TcpRouteMeter tlsMeter(PolicyRef route) {
    return new TcpRouteMeter(
        lane.outbound().metrics().tlsRoutes,
        lane.shard(),
        parent.and(OutboundMetrics.route(route)).and("hostname", ""));
  }

  private HttpBackend http1(Dispatch.Spec spec) {
    used.add(spec);
    return http1.computeIfAbsent(spec, s -> new HttpBackend(lane, s, false, parent));
  }

  private HttpBackend http2(Dispatch.Spec spec) {
    used.add(spec);
    return http2.computeIfAbsent(spec, s -> new HttpBackend(lane, s, true, parent));
  }

  private TcpBackend tcp(Dispatch.Spec spec) {
    used.add(spec);
    return tcp.computeIfAbsent(
        spec, s -> new TcpBackend(lane, s, lane.outbound().metrics().tcpBalancers, parent));
  }

  /** The backends of TLS routes are those of opaque ones, counted apart. */
  private TcpBackend tls(Dispatch.Spec spec) {
    used.add(spec);
    return tls.computeIfAbsent(
        spec, s -> new TcpBackend(lane, s, lane.outbound().metrics().tlsBalancers, parent));
  }

  private void closeUnused() {
    http1.values().removeIf(b -> !used.contains(b.spec()) && closed(b));
    http2.values().removeIf(b -> !used.contains(b.spec()) && closed(b));
    tcp.values().removeIf(b -> !used.contains(b.spec()) && closed(b));
    tls.values().removeIf(b -> !used.contains(b.spec()) && closed(b));
  }

  private static boolean closed(BalancedBackend<?> backend) {
    backend.close();
    return true;
  }

  private static Plan refused(PolicyRef ref, String cause) {
    return new Plan(ref, Plan.Mode.REFUSE, null, null, null, null, cause);
  }

  /** A policy that cannot be compiled: HTTP is answered with 500, all else is refused. */
  private Plan invalid(String cause) {
    PolicyRef ref = PolicyRef.builtin("invalid");
    HttpRoutes table =
        always(
            patient(
                ref,
                RequestFilters.http(List.of(new HttpFilter.Unusable("invalid policy: " + cause))),
                new Split<>(List.of(), false)));
    return new Plan(ref, Plan.Mode.DETECT, table, table, null, null, "");
  }
}
