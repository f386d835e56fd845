package dev.weft.policy.outbound;

import dev.weft.policy.PolicyRef;
import java.util.List;

/**
 * All connections to a target, byte by byte. The contract allows exactly one rule, so it is part of
 * the route.
 *
 * @param ref the route with its namespace, or a default such as {@code opaq}
 * @param filters only the first counts
 * @param distribution where connections go
 */
public record OutboundOpaqueRoute(
    PolicyRef ref, List<TcpFilter> filters, Distribution<TcpFilter> distribution) {
  /** Copies the list. */
  public OutboundOpaqueRoute {
    filters = List.copyOf(filters);
  }
}
