package dev.weft.policy.outbound;

import java.time.Duration;

/**
 * Delays that double from one attempt to the next.
 *
 * @param min the shortest
 * @param max the longest, above 0 and not below the shortest
 * @param jitterRatio what is added by chance at most, as a share of the delay; 0 to 100
 * @param respectRetryAfterHint whether the server's hint is the first delay
 */
public record Backoff(
    Duration min, Duration max, float jitterRatio, boolean respectRetryAfterHint) {
  /** Checks the bounds. */
  public Backoff {
    if (min.isNegative() || !max.isPositive() || max.compareTo(min) < 0) {
      throw new IllegalArgumentException(
          "backoff " + min + " to " + max + " refused; fix: 0 <= min <= max, max > 0");
    }
    if (!(jitterRatio >= 0 && jitterRatio <= 100)) {
      throw new IllegalArgumentException(
          "backoff jitter " + jitterRatio + " refused; fix: 0 to 100");
    }
  }
}
