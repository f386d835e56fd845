package dev.weft.proxy.identity;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When to certify next: after 70 % of what is left of the current certificate, within bounds; at
 * the lower bound where there is none or it has expired. Failures do not change the rule.
 *
 * <p>Source: facts/proxy.md 1.3.
 *
 * @param min the shortest pause
 * @param max the longest pause
 */
record Renewal(Duration min, Duration max) {
  private static final int SHARE_PERCENT = 70;

  /**
   * The pause until the next attempt.
   *
   * @param expiry of the current certificate, null if there is none
   */
  Duration pause(@Nullable Instant expiry, Instant now) {
    if (expiry == null || !expiry.isAfter(now)) {
      return min;
    }
    Duration pause = Duration.between(now, expiry).multipliedBy(SHARE_PERCENT).dividedBy(100);
    if (pause.compareTo(min) < 0) {
      return min;
    }
    return pause.compareTo(max) > 0 ? max : pause;
  }
}
