package dev.weft.proxy.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts: the n-th is {@code min(min·2ⁿ, max)} plus a random part of up to
 * {@code jitter} times that, never above {@code max}. Not thread-safe.
 *
 * <p>Source: contract sheet of the proxy, section 1.6.
 */
public final class Backoff {
  private final long minNanos;
  private final long maxNanos;
  private final double jitter;
  private final RandomGenerator random;
  private long baseNanos;

  /** Pauses from {@code min} to {@code max}. */
  public Backoff(Duration min, Duration max, double jitter, RandomGenerator random) {
    if (min.isNegative() || min.isZero() || max.compareTo(min) < 0 || jitter < 0) {
      throw new IllegalArgumentException("backoff " + min + " to " + max + ", jitter " + jitter);
    }
    this.minNanos = min.toNanos();
    this.maxNanos = max.toNanos();
    this.jitter = jitter;
    this.random = random;
    this.baseNanos = minNanos;
  }

  /** The next pause, in nanoseconds. */
  public long nextNanos() {
    long base = baseNanos;
    baseNanos = base > maxNanos / 2 ? maxNanos : base * 2;
    return (long) Math.min(maxNanos, base + random.nextDouble() * base * jitter);
  }

  /** After a success the next pause is the shortest again. */
  public void reset() {
    baseNanos = minNanos;
  }
}
