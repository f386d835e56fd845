package dev.weft.policy.inbound;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is judged per HTTP request.
 *
 * @param routes in the order of the policy; none means every request, judged by the port's
 *     authorizations
 * @param rateLimit how many requests are taken, null for any number
 */
public record HttpRouting(List<InboundHttpRoute> routes, @Nullable RateLimit rateLimit) {
  /** Copies the list. */
  public HttpRouting {
    routes = List.copyOf(routes);
  }

  /** These routes and no rate limit. */
  public static HttpRouting of(InboundHttpRoute... routes) {
    return new HttpRouting(List.of(routes), null);
  }
}
