package dev.weft.proxy.http.http2;

import io.netty.util.concurrent.Ticker;

/**
 * How many frames of a kind which moves nothing forward a peer may still send: a bucket that fills
 * with time, and with what the peer does move forward. The clock is read only when it runs dry.
 * Runs on the connection's loop only.
 */
final class Budget {
  private final Ticker ticker;
  private final int burst;
  private final long refillNanos;
  private int left;
  private long filledNanos;

  /**
   * A full bucket.
   *
   * @param refillPerSecond how many come back each second
   */
  Budget(Ticker ticker, int burst, int refillPerSecond) {
    this.ticker = ticker;
    this.burst = burst;
    this.refillNanos = 1_000_000_000L / refillPerSecond;
    this.left = burst;
    this.filledNanos = ticker.nanoTime();
  }

  /** Takes one; returns false when none is left. */
  boolean spend() {
    if (left == 0) {
      long now = ticker.nanoTime();
      long fresh = (now - filledNanos) / refillNanos;
      filledNanos += fresh * refillNanos;
      left = (int) Math.min(burst, fresh);
      if (left == 0) {
        return false;
      }
    }
    left--;
    return true;
  }

  /** Gives some back. */
  void earn(int more) {
    left = Math.min(burst, left + more);
  }
}
