package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;

/** The cells of the requests on one route, for one host name or for all. Runs on one loop only. */
final class RouteMeter {
  private final Histogram duration;
  private final Histogram frames;
  private final Outcomes statuses;
  private final Counter retries;
  private final Counter retrySuccesses;
  private final Counter retryLimitExceeded;
  private final Counter retryOverflow;

  /** The cells under the labels {@code parent_*}, {@code route_*} and {@code hostname}. */
  RouteMeter(RouteFamilies families, Shard shard, Labels labels) {
    duration = families.requestDuration.get(shard, labels);
    frames = families.requestFrames.get(shard, labels);
    statuses = new Outcomes(families, families.requestStatuses, shard, labels);
    retries = families.retryRequests.get(shard, labels);
    retrySuccesses = families.retrySuccesses.get(shard, labels);
    retryLimitExceeded = families.retryLimitExceeded.get(shard, labels);
    retryOverflow = families.retryOverflow.get(shard, labels);
  }

  /** A piece of a request's body came. */
  void frame(int bytes) {
    frames.record(bytes);
  }

  /**
   * A request is over, after all its attempts.
   *
   * @param response what the client got
   * @param error why it got no whole response
   * @param nanos since the request began
   */
  void ended(ResponseClass response, RouteError error, long nanos) {
    statuses.count(response, error);
    duration.record(nanos);
  }

  /** A request is sent again because of its response. */
  void retried() {
    retries.increment();
  }

  /** A request that was sent again succeeded. */
  void retrySucceeded() {
    retrySuccesses.increment();
  }

  /** A response would be a reason to send again, but no attempts are left. */
  void retryLimitExceeded() {
    retryLimitExceeded.increment();
  }

  /** A response would be a reason to send again, but there is no backend to send to. */
  void retryOverflow() {
    retryOverflow.increment();
  }
}
