package dev.weft.policy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HostMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some gRPC calls to a target.
 *
 * @param ref the route with its namespace, or a default such as {@code grpc-egress-allow}
 * @param hosts host conditions, any may hold; empty is every host
 * @param rules in order
 */
public record OutboundGrpcRoute(PolicyRef ref, List<HostMatch> hosts, List<Rule> rules) {
  /** Copies the lists. */
  public OutboundGrpcRoute {
    hosts = List.copyOf(hosts);
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param matches alternatives, any may hold; empty is everything
   * @param filters applied in order, before a backend is chosen
   * @param distribution where calls go
   * @param timeouts how long they may take
   * @param retry when an attempt is repeated; null for never
   * @param allowRequestHeaders whether {@code l5d-retry-*} and {@code l5d-*timeout} headers of a
   *     call may override retry and timeouts
   */
  public record Rule(
      List<GrpcRouteMatch> matches,
      List<GrpcFilter> filters,
      Distribution<GrpcFilter> distribution,
      Timeouts timeouts,
      @Nullable Retry<GrpcRetryOn> retry,
      boolean allowRequestHeaders) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
    }
  }
}
