package dev.weft.proxy.outbound;

import java.time.Duration;

/**
 * How many retries all requests of one profile may cause: a share of the requests within the last
 * seconds, and so many per second besides. Runs on its lane's loop only.
 *
 * <p>Kept as two sums over a window of {@link #SLOTS} slots. Source: facts/proxy.md 3.16.
 */
final class RetryBudget {
  private static final int SLOTS = 10;

  private final double ratio;
  private final double reserve;
  private final long slotNanos;
  private final double[] deposits = new double[SLOTS];
  private final double[] withdrawals = new double[SLOTS];
  private long slot;

  /**
   * A full budget.
   *
   * @param ttl how long a request counts, above 0
   * @param minPerSecond retries per second that need no requests
   * @param ratio retries per request
   */
  RetryBudget(Duration ttl, int minPerSecond, double ratio, long nowNanos) {
    this.ratio = ratio;
    this.reserve = minPerSecond * (ttl.toNanos() / 1e9);
    this.slotNanos = Math.max(1, ttl.toNanos() / SLOTS);
    this.slot = nowNanos / slotNanos;
  }

  /** A request, not a retry, was made. */
  void deposit(long nowNanos) {
    turn(nowNanos);
    deposits[index(slot)] += ratio;
  }

  /** Takes a retry out of the budget; false if there is none left. */
  boolean withdraw(long nowNanos) {
    turn(nowNanos);
    double left = reserve;
    for (int i = 0; i < SLOTS; i++) {
      left += deposits[i] - withdrawals[i];
    }
    if (left < 1) {
      return false;
    }
    withdrawals[index(slot)] += 1;
    return true;
  }

  private void turn(long nowNanos) {
    long now = nowNanos / slotNanos;
    long behind = Math.min(SLOTS, now - slot);
    for (long i = 1; i <= behind; i++) {
      int at = index(now - behind + i);
      deposits[at] = 0;
      withdrawals[at] = 0;
    }
    slot = Math.max(slot, now);
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }
}
