package dev.weft.proxy.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Measurements sorted into buckets. Written by the one thread that owns its {@link Shard}; read by
 * any. A reader may see a bucket before the sum, never a torn number.
 */
public final class Histogram extends Cell {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] bounds;

  /** Counts per bucket, then the count above the last bound, then the sum of raw values. */
  private final long[] slots;

  Histogram(long[] bounds) {
    this.bounds = bounds;
    this.slots = new long[bounds.length + 2];
  }

  /** Records one measurement in the raw unit of the family (nanoseconds or bytes). */
  public void record(long raw) {
    int i = 0;
    while (i < bounds.length && raw > bounds[i]) {
      i++;
    }
    LONGS.setOpaque(slots, i, slots[i] + 1);
    int sum = slots.length - 1;
    LONGS.setOpaque(slots, sum, slots[sum] + raw);
  }

  /** Adds this shard's counts and sum to {@code totals}, which has the same shape. */
  void addTo(long[] totals) {
    for (int i = 0; i < slots.length; i++) {
      totals[i] += (long) LONGS.getOpaque(slots, i);
    }
  }

  @Override
  long stamp() {
    long count = 0;
    for (int i = 0; i < slots.length - 1; i++) {
      count += (long) LONGS.getOpaque(slots, i);
    }
    return count;
  }
}
