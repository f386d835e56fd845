package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.time.Duration;
import java.util.List;

/**
 * The policy of one port of one workload, as the policy service computes it and the proxy enforces
 * it. Immutable; equal policies judge alike. Source: facts/proxy-api.md 11 and 17.
 *
 * @param server the Server, or the built-in default, that decides; group {@code policy.linkerd.io}
 *     and kind {@code server}, or group empty and kind {@code default}
 * @param protocol what is spoken on the port, and the routes of it
 * @param authorizations who may use the whole port; any one suffices. The proxy's own processes on
 *     the loopback address are admitted besides, by {@link InboundEvaluator}, not by this list
 */
public record InboundPolicy(
    PolicyRef server, InboundProtocol protocol, List<Authorization> authorizations) {
  /** How long the protocol of a connection may stay unknown, unless a policy says otherwise. */
  public static final Duration DEFAULT_DETECT_TIMEOUT = Duration.ofSeconds(10);

  private static final PolicyRef INVALID = PolicyRef.builtin("invalid");

  /** Copies the list. */
  public InboundPolicy {
    authorizations = List.copyOf(authorizations);
  }

  /**
   * What stands for a policy that was received but cannot be understood: every connection and
   * request is refused, those of the loopback address included.
   *
   * @param cause why it cannot be understood
   */
  public static InboundPolicy invalid(String cause) {
    var rule =
        new InboundHttpRoute.Rule(
            List.of(HttpRouteMatch.ANY), List.of(new HttpFilter.Unusable(cause)));
    var route = new InboundHttpRoute(INVALID, List.of(), List.of(), List.of(rule));
    return new InboundPolicy(
        INVALID,
        new InboundProtocol.Detect(DEFAULT_DETECT_TIMEOUT, HttpRouting.of(route)),
        List.of());
  }

  /** Whether this is a policy of {@link #invalid}. */
  public boolean isInvalid() {
    return server.equals(INVALID);
  }
}
