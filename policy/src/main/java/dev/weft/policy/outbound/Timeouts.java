package dev.weft.policy.outbound;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long requests of a rule may take; null is without end. Source: facts/proxy.md 3.15.
 *
 * @param request the whole stream, retries included
 * @param response from the end of the request, or the head of the response if that is earlier, to
 *     the end of the response
 * @param idle without a byte in either direction
 */
public record Timeouts(
    @Nullable Duration request, @Nullable Duration response, @Nullable Duration idle) {
  /** Without end. */
  public static final Timeouts NONE = new Timeouts(null, null, null);
}
