package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the requests of a rule are sent again. Immutable but for the budget.
 *
 * <p>Source: facts/proxy.md 3.16.
 *
 * @param maxRetries attempts after the first
 * @param maxRequestBytes largest request body that is sent again
 * @param on which answers are not taken
 * @param headNanos how long an attempt may wait for the head of the response; 0 for as long as the
 *     request may
 * @param backoff pauses between attempts; null for none
 * @param budget what all requests of a profile share; null for none
 */
record RetryRule(
    int maxRetries,
    int maxRequestBytes,
    RetryOn on,
    long headNanos,
    @Nullable Backoff backoff,
    @Nullable RetryBudget budget) {
  /** What a request gets that asks for retries where its rule has none. */
  static final RetryRule BY_HEADERS =
      new RetryRule(
          1,
          Retry.DEFAULT_MAX_REQUEST_BYTES,
          new RetryOn.Listed(null, null),
          0,
          new Backoff(Duration.ofMillis(25), Duration.ofMillis(250), 1, false),
          null);

  static @Nullable RetryRule http(@Nullable Retry<HttpRetryOn> retry) {
    return retry == null ? null : of(retry, new RetryOn.Listed(retry.on(), null));
  }

  static @Nullable RetryRule grpc(@Nullable Retry<GrpcRetryOn> retry) {
    return retry == null ? null : of(retry, new RetryOn.Listed(null, retry.on()));
  }

  private static RetryRule of(Retry<?> retry, RetryOn on) {
    Duration head = retry.timeout();
    return new RetryRule(
        retry.maxRetries(),
        retry.maxRequestBytes(),
        on,
        head == null ? 0 : head.toNanos(),
        retry.backoff(),
        null);
  }
}
