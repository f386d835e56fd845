package dev.weft.proxy.metrics;

/**
 * The part of all metrics that one thread writes: an event loop, or the admin thread. Cells got
 * with a shard must be written by that thread only.
 */
public final class Shard {
  private final int index;

  Shard(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }
}
