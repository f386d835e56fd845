package dev.weft.policy.outbound;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an attempt is repeated. Source: facts/proxy.md 3.16.
 *
 * @param maxRetries attempts after the first, at most 65535
 * @param maxRequestBytes largest request body that is kept for replay
 * @param on which answers are repeated
 * @param timeout how long an attempt may wait for the head of the response; null for as long as the
 *     request may
 * @param backoff the pause between attempts; null for none
 * @param <C> the conditions of its protocol
 */
public record Retry<C>(
    int maxRetries,
    int maxRequestBytes,
    C on,
    @Nullable Duration timeout,
    @Nullable Backoff backoff) {
  /** Largest request body that is kept for replay, unless a policy says otherwise. */
  public static final int DEFAULT_MAX_REQUEST_BYTES = 65_536;
}
