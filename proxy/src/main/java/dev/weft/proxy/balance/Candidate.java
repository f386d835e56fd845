package dev.weft.proxy.balance;

/**
 * A place that requests may be sent to: a target of the caller's own kind, with the load it
 * carries. Belongs to at most one {@link PowerOfTwoChoices}; used by one event loop only.
 */
public final class Candidate<T> {
  static final int ABSENT = -1;

  private final T target;
  private final PeakEwma load;
  private final double share;
  private final long warmUpNanos;
  private final long beganNanos;
  int slot = ABSENT;

  /** Wraps {@code target}, one among equals; the load starts at the default estimate. */
  public Candidate(T target, LoadParams params, long nowNanos) {
    this(target, params, Share.ORDINARY, nowNanos);
  }

  /**
   * Wraps {@code target}; the load starts at the default estimate.
   *
   * @param share how much of the traffic it is meant to get beside others, from now on
   */
  public Candidate(T target, LoadParams params, Share share, long nowNanos) {
    this.target = target;
    this.share = share.full();
    this.warmUpNanos = share.warmUp().toNanos();
    this.beganNanos = nowNanos;
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

  /** The load it carries now for its share. */
  double relativeLoad(long nowNanos) {
    return load.load(nowNanos) / share(nowNanos);
  }

  private double share(long nowNanos) {
    long age = nowNanos - beganNanos;
    return age >= warmUpNanos
        ? share
        : share * Math.max(Share.COLD_PART, age / (double) warmUpNanos);
  }

  /** Whether it may be picked now. */
  public boolean isReady() {
    return slot != ABSENT;
  }
}
