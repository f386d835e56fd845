package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of an opaque or TLS route go.
 *
 * @param route for messages and metrics
 * @param refusal why none is let through, or null
 * @param split where they go; a leg's filter is why that backend refuses, or null
 * @param meter counts what the rule carries
 */
record TcpRule(
    PolicyRef route,
    @Nullable String refusal,
    Split<TcpBackend, TcpRule.Gate> split,
    TcpRouteMeter meter) {
  /**
   * What a route does for one backend.
   *
   * @param refusal why none is let through, or null
   */
  record Gate(@Nullable String refusal) {}
}
