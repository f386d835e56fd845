package dev.weft.proxy.balance;

import java.time.Duration;

/**
 * How much of the traffic a candidate is meant to get beside others: all of {@link #full} once it
 * is warm; before, a part that grows with its age from {@link #COLD_PART} on, since a place that
 * just started answers slowly until caches are filled and code is compiled.
 *
 * @param full above 0; 1 is ordinary
 * @param warmUp how long it takes to get warm; zero for at once
 */
public record Share(double full, Duration warmUp) {
  /** The share of an ordinary candidate which is warm from the start. */
  public static final Share ORDINARY = new Share(1, Duration.ZERO);

  /** The part that a candidate begins with, so that it gets warm at all. */
  static final double COLD_PART = 0.1;

  /** Refuses what is not positive, and a negative time. */
  public Share {
    if (!(full > 0)) {
      throw new IllegalArgumentException("share of a candidate is not positive: " + full);
    }
    if (warmUp.isNegative()) {
      throw new IllegalArgumentException("warm-up is negative: " + warmUp);
    }
  }
}
