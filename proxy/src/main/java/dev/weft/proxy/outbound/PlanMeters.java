package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.metrics.Labels;

/**
 * What counts the traffic of one plan, by route and backend.
 *
 * @param target what the plan is for
 * @param parent labels of what the plan was made from
 */
record PlanMeters(Lane lane, Target target, Labels parent) {
  private OutboundMetrics metrics() {
    return lane.outbound().metrics();
  }

  private Labels labels(PolicyRef route) {
    return parent.and(OutboundMetrics.route(route));
  }

  RouteMeters http(PolicyRef route) {
    return routes(metrics().httpRoutes, route);
  }

  RouteMeters grpc(PolicyRef route) {
    return routes(metrics().grpcRoutes, route);
  }

  private RouteMeters routes(RouteFamilies families, PolicyRef route) {
    return new RouteMeters(
        families, lane.shard(), labels(route), lane.outbound().config().hostnameLabels());
  }

  /** What an HTTP route does for, and counts of, one backend. */
  HttpRule.ToBackend httpBackend(PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    return backend(metrics().httpRoutes, route, spec, filters);
  }

  /** The same for a gRPC route. */
  HttpRule.ToBackend grpcBackend(PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    return backend(metrics().grpcRoutes, route, spec, filters);
  }

  private HttpRule.ToBackend backend(
      RouteFamilies families, PolicyRef route, Dispatch.Spec spec, RequestFilters filters) {
    Labels labels = labels(route).and(OutboundMetrics.service("backend", spec.ref()));
    return new HttpRule.ToBackend(filters, new BackendMeter(families, lane.shard(), labels));
  }

  TcpRouteMeter tcp(PolicyRef route) {
    return new TcpRouteMeter(
        metrics().tcpRoutes,
        lane.shard(),
        labels(route).and(OutboundMetrics.targetIp(target.text())));
  }

  TcpRouteMeter tls(PolicyRef route) {
    return new TcpRouteMeter(metrics().tlsRoutes, lane.shard(), labels(route).and("hostname", ""));
  }
}
