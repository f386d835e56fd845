package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.proxy.forward.RequestFilters;
import org.jspecify.annotations.Nullable;

/**
 * A rule of an HTTP or gRPC route as the data path uses it.
 *
 * @param route for messages and metrics
 * @param filters applied before a backend is chosen
 * @param split where requests go
 * @param meters count what the rule carries
 * @param conduct how long they may take, and when they are sent again
 * @param profile of rules that come from a profile; null for others
 */
record HttpRule(
    PolicyRef route,
    RequestFilters filters,
    Split<HttpBackend, HttpRule.ToBackend> split,
    RouteMeters meters,
    Conduct conduct,
    @Nullable ProfileRule profile) {
  /**
   * What a rule does for one backend.
   *
   * @param filters applied to what goes there
   * @param meter counts what goes there
   */
  record ToBackend(RequestFilters filters, BackendMeter meter) {}
}
