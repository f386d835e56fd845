package dev.weft.policy.outbound;

import dev.weft.policy.PolicyRef;
import java.time.Duration;

/**
 * The policy of one target, as the policy service computes it and the proxy carries it out.
 * Immutable. Source: facts/proxy-api.md 12 and 18.
 *
 * @param ref the object the policy belongs to, a Service or EgressNetwork with namespace and port;
 *     or a default such as {@code egress-fallback}
 * @param protocol what is spoken with the target, and the routes of it
 */
public record OutboundPolicy(PolicyRef ref, OutboundProtocol protocol) {
  /** How long the protocol of a connection may stay unknown, unless a policy says otherwise. */
  public static final Duration DEFAULT_DETECT_TIMEOUT = Duration.ofSeconds(10);
}
