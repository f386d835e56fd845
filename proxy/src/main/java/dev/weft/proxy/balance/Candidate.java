package dev.weft.proxy.balance;

/**
 * A place that requests may be sent to: a target of the caller's own kind, with the load it
 * carries. Belongs to at most one {@link PowerOfTwoChoices}; used by one event loop only.
 */
public final class Candidate<T> {
  static final int ABSENT = -1;

  private final T target;
  private final PeakEwma load;
  int slot = ABSENT;

  /** Wraps {@code target}; the load starts at the default estimate. */
  public Candidate(T target, LoadParams params, long nowNanos) {
    this.target = target;
    this.load = new PeakEwma(params, nowNanos);
  }

  /** What the caller sends requests to. */
  public T target() {
    return target;
  }

  /** The load carried; the caller reports starts and finishes here. */
  public PeakEwma load() {
    return load;
  }

  /** Whether it may be picked now. */
  public boolean isReady() {
    return slot != ABSENT;
  }
}
