package dev.weft.policy.route;

import org.jspecify.annotations.Nullable;

/**
 * Where a request landed in a {@link RouteTable}. Made once when the table is compiled and shared
 * by all requests.
 *
 * @param target what the rule leads to
 * @param match the alternative that held, for redirects which replace the matched prefix; null for
 *     gRPC
 */
public record RouteHit<T>(T target, @Nullable HttpRouteMatch match) {}
