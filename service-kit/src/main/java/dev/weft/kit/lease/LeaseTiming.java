package dev.weft.kit.lease;

import java.time.Duration;

/**
 * How long a lead lasts. Whole seconds, each less than the one before, so that a leader that cannot
 * renew has given up before anybody else takes over.
 *
 * @param lease how long others leave a leader alone after its last renewal
 * @param renewWithin how long a leader tries to renew before it gives up
 * @param retry pause between attempts
 */
public record LeaseTiming(Duration lease, Duration renewWithin, Duration retry) {
  /** 30 s, 10 s, 2 s: the contract's. */
  public static final LeaseTiming DEFAULT =
      new LeaseTiming(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(2));

  /** Refuses what could not work. */
  public LeaseTiming {
    if (lease.compareTo(renewWithin) <= 0
        || renewWithin.compareTo(retry) <= 0
        || retry.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "lease timing %s, %s, %s refused; fix: each shorter than the one before, 1 s or more"
              .formatted(lease, renewWithin, retry));
    }
  }
}
