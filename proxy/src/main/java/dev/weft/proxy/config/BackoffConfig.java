package dev.weft.proxy.config;

import java.time.Duration;

/**
 * Growing pauses between attempts: the n-th is {@code min(min·2ⁿ, max)} plus a random part of up to
 * {@code jitter} times that, never above {@code max}.
 *
 * @param min the first pause, above zero
 * @param max the longest pause, not below {@code min}
 * @param jitter random share, 0 to 100
 */
public record BackoffConfig(Duration min, Duration max, double jitter) {
  private static final double MAX_JITTER = 100;

  public BackoffConfig {
    if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
      throw new IllegalArgumentException(
          "backoff " + min + " to " + max + " refused; fix: 0 < min <= max");
    }
    if (!(jitter >= 0 && jitter <= MAX_JITTER)) {
      throw new IllegalArgumentException("backoff jitter " + jitter + " refused; fix: 0 to 100");
    }
  }
}
