package dev.weft.proxy.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many series all families of a registry may hold together, so that nothing a peer does can
 * fill the memory of proxy or scraper. Counted as scrapers count: every bucket is one. Thread-safe.
 */
final class SeriesBudget {
  private final int max;
  private final AtomicInteger used = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  SeriesBudget(int max) {
    this.max = max;
  }

  /** Takes so many; false, and counted, if that many are not left. */
  boolean take(int count) {
    for (; ; ) {
      int now = used.get();
      if (count > max - now) {
        refused.increment();
        return false;
      }
      if (used.compareAndSet(now, now + count)) {
        return true;
      }
    }
  }

  void giveBack(int count) {
    used.addAndGet(-count);
  }

  int used() {
    return used.get();
  }

  int max() {
    return max;
  }

  /** How often a cell was asked for whose labels found no room. */
  long refused() {
    return refused.sum();
  }

  /** Whether idle series of every kind should go. */
  boolean isTight() {
    return used.get() > max / 2;
  }
}
