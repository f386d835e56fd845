package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.OutboundGrpcRoute;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundTlsRoute;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.RouteTable;
import dev.weft.proxy.forward.RequestFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The routes of a policy as rules of a plan. Runs on its lane's loop only. */
final class PolicyRules {
  /** Why a filter lets nothing through which is meant to. */
  static final String FORBIDDEN = "forbidden";

  private final TargetBackends backends;
  private final PlanMeters meters;
  private final PlainRules plain;

  PolicyRules(TargetBackends backends, PlanMeters meters, PlainRules plain) {
    this.backends = backends;
    this.meters = meters;
    this.plain = plain;
  }

  HttpRoutes http(
      List<OutboundHttpRoute> routes,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, HttpBackend> of) {
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
                    of,
                    (spec, filters) ->
                        meters.httpBackend(route.ref(), spec, RequestFilters.http(filters))),
                meters.http(route.ref()),
                Conduct.of(
                    rule.timeouts(), RetryRule.http(rule.retry()), rule.allowRequestHeaders()),
                null);
        table.http(route.hosts(), rule.matches(), compiled);
      }
    }
    return table.build()::find;
  }

  HttpRoutes grpc(List<OutboundGrpcRoute> routes, @Nullable FailureAccrual accrual) {
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
                    backends::http2,
                    (spec, filters) ->
                        meters.grpcBackend(route.ref(), spec, RequestFilters.grpc(filters))),
                meters.grpc(route.ref()),
                Conduct.of(
                    rule.timeouts(), RetryRule.grpc(rule.retry()), rule.allowRequestHeaders()),
                null);
        table.grpc(route.hosts(), rule.matches(), compiled);
      }
    }
    return table.build()::find;
  }

  RouteTable<TcpRule> tls(List<OutboundTlsRoute> routes) {
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
                  backends::tls,
                  (_, own) -> new TcpRule.Gate(refusal(own))),
              meters.tls(route.ref())));
    }
    return table.build();
  }

  TcpRule opaque(OutboundOpaqueRoute route) {
    return new TcpRule(
        route.ref(),
        refusal(route.filters()),
        split(
            route.distribution(), null, backends::tcp, (_, own) -> new TcpRule.Gate(refusal(own))),
        meters.tcp(route.ref()));
  }

  /**
   * For requests to an opaque target, of clients of the explicit mode that speak HTTP to the proxy
   * itself: the same backends, over connections whose bytes nobody else reads.
   */
  HttpRoutes sameAs(
      OutboundOpaqueRoute route, TcpRule rule, Function<Dispatch.Spec, HttpBackend> of) {
    List<Split.Leg<HttpBackend, HttpRule.ToBackend>> legs = new ArrayList<>();
    for (Split.Leg<TcpBackend, TcpRule.Gate> leg : rule.split().legs()) {
      Dispatch.Spec spec = leg.backend().spec();
      legs.add(
          new Split.Leg<>(
              of.apply(spec),
              meters.httpBackend(route.ref(), spec, gate(leg.filters().refusal())),
              leg.weight()));
    }
    return PlainRules.always(
        plain.patient(
            route.ref(), gate(rule.refusal()), new Split<>(legs, rule.split().weighted())));
  }

  private static RequestFilters gate(@Nullable String refusal) {
    return refusal == null
        ? RequestFilters.NONE
        : RequestFilters.http(List.of(new HttpFilter.Fail(403, refusal, null)));
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

  private static <F, B extends Split.Part, L> Split<B, L> split(
      Distribution<F> distribution,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, B> of,
      LegFilters<F, L> legFilters) {
    List<Split.Leg<B, L>> legs = new ArrayList<>();
    boolean weighted = false;
    switch (distribution) {
      case Distribution.Empty<F>() -> {}
      case Distribution.FirstAvailable<F>(List<Distribution.RouteBackend<F>> all) -> {
        for (Distribution.RouteBackend<F> one : all) {
          legs.add(leg(one, 1, accrual, of, legFilters));
        }
      }
      case Distribution.Random<F>(List<Distribution.Weighted<F>> all) -> {
        weighted = true;
        for (Distribution.Weighted<F> one : all) {
          legs.add(leg(one.backend(), one.weight(), accrual, of, legFilters));
        }
      }
    }
    return new Split<>(legs, weighted);
  }

  private static <F, B extends Split.Part, L> Split.Leg<B, L> leg(
      Distribution.RouteBackend<F> backend,
      long weight,
      @Nullable FailureAccrual accrual,
      Function<Dispatch.Spec, B> of,
      LegFilters<F, L> legFilters) {
    Dispatch.Spec spec =
        new Dispatch.Spec(backend.backend().ref(), Discovered.dispatch(backend.backend(), accrual));
    return new Split.Leg<>(of.apply(spec), legFilters.of(spec, backend.filters()), weight);
  }
}
