package dev.weft.proxy.outbound;

import dev.weft.policy.route.RouteHit;
import dev.weft.proxy.forward.RequestView;
import org.jspecify.annotations.Nullable;

/** Finds the rule of a request, among those of a policy or of a profile. Immutable. */
@FunctionalInterface
interface HttpRoutes {
  /** The rule, or null when none holds. */
  @Nullable RouteHit<HttpRule> find(RequestView request);
}
