package dev.weft.policy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.HostMatch;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some HTTP requests to a target.
 *
 * @param ref the route with its namespace, or a default such as {@code http}
 * @param hosts host conditions, any may hold; empty is every host
 * @param rules in order
 */
public record OutboundHttpRoute(PolicyRef ref, List<HostMatch> hosts, List<Rule> rules) {
  /** Copies the lists. */
  public OutboundHttpRoute {
    hosts = List.copyOf(hosts);
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param matches alternatives, any may hold; empty is everything
   * @param filters applied in order, before a backend is chosen
   * @param distribution where requests go
   * @param timeouts how long they may take
   * @param retry when an attempt is repeated; null for never
   * @param allowRequestHeaders whether {@code l5d-retry-*} and {@code l5d-*timeout} headers of a
   *     request may override retry and timeouts
   */
  public record Rule(
      List<HttpRouteMatch> matches,
      List<HttpFilter> filters,
      Distribution<HttpFilter> distribution,
      Timeouts timeouts,
      @Nullable Retry<HttpRetryOn> retry,
      boolean allowRequestHeaders) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
    }
  }
}
