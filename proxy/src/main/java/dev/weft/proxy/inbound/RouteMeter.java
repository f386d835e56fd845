package dev.weft.proxy.inbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The cells of what passes one route on one loop. Runs on that loop only. */
final class RouteMeter {
  /** No status. */
  static final int NONE = -1;

  private final Counter requests;
  private final Histogram requestDuration;
  private final Histogram responseDuration;
  private final Histogram requestFrames;
  private final Histogram responseFrames;
  private final IntFunction<Counter> newStatus;
  private final Map<Integer, Counter> statuses = new HashMap<>(4);

  /** The status seen last, and its counter: most responses have the same. */
  private int lastStatus;

  private @Nullable Counter lastCounter;

  RouteMeter(
      Counter requests,
      Histogram requestDuration,
      Histogram responseDuration,
      Histogram requestFrames,
      Histogram responseFrames,
      IntFunction<Counter> newStatus) {
    this.requests = requests;
    this.requestDuration = requestDuration;
    this.responseDuration = responseDuration;
    this.requestFrames = requestFrames;
    this.responseFrames = responseFrames;
    this.newStatus = newStatus;
  }

  void requested() {
    requests.increment();
  }

  void requestFrame(int bytes) {
    requestFrames.record(bytes);
  }

  void responseFrame(int bytes) {
    responseFrames.record(bytes);
  }

  /**
   * A response ended.
   *
   * @param status of HTTP or gRPC, or NONE
   * @param requestNanos since the request began
   * @param responseNanos since the request ended; negative if it did not
   */
  void responded(int status, long requestNanos, long responseNanos) {
    Counter counter = lastCounter;
    if (counter == null || status != lastStatus) {
      counter = statuses.computeIfAbsent(status, newStatus::apply);
      lastStatus = status;
      lastCounter = counter;
    }
    counter.increment();
    requestDuration.record(requestNanos);
    if (responseNanos >= 0) {
      responseDuration.record(responseNanos);
    }
  }
}
