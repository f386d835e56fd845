package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HostMatch;
import java.util.List;

/**
 * Some gRPC calls of a port, with who may make them and what is done to them.
 *
 * @param ref the route, kind {@code GRPCRoute}, without namespace; or the default {@code default}
 * @param hosts host conditions, any may hold; empty is every host
 * @param authorizations who may make these calls, besides those who may use the whole port; they
 *     are tried before the port's
 * @param rules in order
 */
public record InboundGrpcRoute(
    PolicyRef ref, List<HostMatch> hosts, List<Authorization> authorizations, List<Rule> rules) {
  /** Copies the lists. */
  public InboundGrpcRoute {
    hosts = List.copyOf(hosts);
    authorizations = List.copyOf(authorizations);
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param matches alternatives, any may hold; empty is everything
   * @param filters applied in order, after authorization
   */
  public record Rule(List<GrpcRouteMatch> matches, List<GrpcFilter> filters) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
    }
  }
}
