package dev.weft.proxy.outbound;

import dev.weft.proxy.client.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often one request was sent again, and whether it may be once more. Made only for requests of
 * rules with retries. Runs on its lane's loop only.
 */
final class RetryState {
  private static final Duration SHORTEST = Duration.ofNanos(1);

  private final RetryRule rule;
  private final RouteMeter meter;
  private final @Nullable ProfileRule profile;
  private final @Nullable Backoff pauses;
  private int retried;

  RetryState(
      RetryRule rule, RouteMeter meter, @Nullable ProfileRule profile, RandomGenerator random) {
    this.rule = rule;
    this.meter = meter;
    this.profile = profile;
    dev.weft.policy.outbound.Backoff backoff = rule.backoff();
    this.pauses =
        backoff == null
            ? null
            : new Backoff(
                backoff.min().isZero() ? SHORTEST : backoff.min(),
                backoff.max(),
                backoff.jitterRatio(),
                random);
  }

  RetryRule rule() {
    return rule;
  }

  /** Whether an attempt is left. */
  boolean hasMore() {
    return retried < rule.maxRetries();
  }

  /**
   * Decides over another attempt and counts the decision.
   *
   * @param requestBytes size of the request's body
   * @param ready whether there is an endpoint to take it now
   */
  boolean grant(long requestBytes, boolean ready, long nowNanos) {
    if (requestBytes > rule.maxRequestBytes()) {
      return false;
    }
    if (!hasMore()) {
      meter.retryLimitExceeded();
      return false;
    }
    if (!ready) {
      meter.retryOverflow();
      return false;
    }
    boolean affordable = rule.budget() == null || rule.budget().withdraw(nowNanos);
    if (profile != null) {
      profile.meter().retryable(affordable);
    }
    if (!affordable) {
      return false;
    }
    retried++;
    meter.retried();
    return true;
  }

  /** How long to wait before the next attempt. */
  long pauseNanos() {
    return pauses == null ? 0 : pauses.nextNanos();
  }

  /** The answer that was taken at last is a good one. */
  void succeeded() {
    if (retried > 0) {
      meter.retrySucceeded();
    }
  }
}
