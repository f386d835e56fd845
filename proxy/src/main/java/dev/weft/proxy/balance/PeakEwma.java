package dev.weft.proxy.balance;

/**
 * The load of one endpoint: an exponentially decayed peak of its response times, multiplied by what
 * is pending there plus one. A slow answer counts at once and in full, a fast one only slowly; an
 * endpoint that is left alone drifts back towards zero, so that it is tried again.
 *
 * <p>All times are nanoseconds of one monotonic clock, which the caller reads. Not thread-safe:
 * used by one event loop only. Allocates nothing after construction.
 *
 * <p>Source: contract sheet of the proxy, section 3.8.
 */
public final class PeakEwma {
  private final double decayNanos;
  private double rttNanos;
  private long updatedNanos;
  private int pending;

  /** Starts at the default estimate of {@code params}, as of {@code nowNanos}. */
  public PeakEwma(LoadParams params, long nowNanos) {
    this.decayNanos = params.decay().toNanos();
    this.rttNanos = params.defaultRtt().toNanos();
    this.updatedNanos = nowNanos;
  }

  /** A request was sent; it weighs on the load until {@link #finish}. */
  public void start() {
    pending++;
  }

  /** A request that was started has been answered, or given up, after {@code rttNanos}. */
  public void finish(long rttNanos, long nowNanos) {
    release();
    observe(Math.max(0, rttNanos), nowNanos);
  }

  /** A request that was started has failed, which counts as an answer after {@code rttNanos}. */
  public void fail(long rttNanos, long nowNanos) {
    release();
    observe(Math.max(rttNanos, estimateNanos(nowNanos)), nowNanos);
  }

  /** A request that was started never reached the endpoint, so it tells nothing about latency. */
  public void release() {
    if (pending == 0) {
      throw new IllegalStateException("nothing is pending");
    }
    pending--;
  }

  /** Requests started and not yet finished. */
  public int pending() {
    return pending;
  }

  /** The load now, in nanoseconds × requests; comparable between endpoints only. */
  public double load(long nowNanos) {
    return estimateNanos(nowNanos) * (pending + 1.0);
  }

  /** The decayed estimate of the response time, in nanoseconds. */
  public double estimateNanos(long nowNanos) {
    if (nowNanos - updatedNanos > 0) {
      rttNanos *= fade(nowNanos);
      updatedNanos = nowNanos;
    }
    return rttNanos;
  }

  private void observe(double measuredNanos, long nowNanos) {
    if (measuredNanos > rttNanos) {
      rttNanos = measuredNanos;
    } else {
      double kept = fade(nowNanos);
      rttNanos = rttNanos * kept + measuredNanos * (1 - kept);
    }
    updatedNanos = nowNanos;
  }

  private double fade(long nowNanos) {
    return Math.exp(-Math.max(0, nowNanos - updatedNanos) / decayNanos);
  }
}
