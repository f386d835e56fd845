package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.HostMatch;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;

/**
 * Some HTTP requests of a port, with who may make them and what is done to them.
 *
 * @param ref the route, kind in CamelCase ({@code HTTPRoute}), without namespace; or the default
 *     {@code default} or {@code probe}
 * @param hosts host conditions, any may hold; empty is every host
 * @param authorizations who may make these requests, besides those who may use the whole port; they
 *     are tried before the port's
 * @param rules in order
 */
public record InboundHttpRoute(
    PolicyRef ref, List<HostMatch> hosts, List<Authorization> authorizations, List<Rule> rules) {
  /** Copies the lists. */
  public InboundHttpRoute {
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
  public record Rule(List<HttpRouteMatch> matches, List<HttpFilter> filters) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
    }
  }
}
