package dev.weft.proxy.metrics;

/** One shard's part of one series, written by the thread of that shard only. */
public abstract sealed class Cell permits Counter, Gauge, Histogram {

  Cell() {}

  /** A number that differs whenever the cell was written in between, for idle detection. */
  abstract long stamp();

  /** Whether the cell must be shown even if it was not written for long. */
  boolean keep() {
    return false;
  }
}
