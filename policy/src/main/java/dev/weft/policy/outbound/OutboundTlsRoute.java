package dev.weft.policy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.HostMatch;
import java.util.List;

/**
 * Some TLS connections to a target. The contract allows exactly one rule, so it is part of the
 * route.
 *
 * @param ref the route with its namespace, or a default such as {@code tls-egress-allow}
 * @param serverNames conditions on the server name, any may hold; empty is every name
 * @param filters only the first counts
 * @param distribution where connections go
 */
public record OutboundTlsRoute(
    PolicyRef ref,
    List<HostMatch> serverNames,
    List<TcpFilter> filters,
    Distribution<TcpFilter> distribution) {
  /** Copies the lists. */
  public OutboundTlsRoute {
    serverNames = List.copyOf(serverNames);
    filters = List.copyOf(filters);
  }
}
