package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;

/** The cells of what one rule sends to one backend. Runs on one loop only. */
final class BackendMeter {
  private final Counter requests;
  private final Histogram duration;
  private final Histogram frames;
  private final Outcomes statuses;

  /** The cells under the labels {@code parent_*}, {@code route_*} and {@code backend_*}. */
  BackendMeter(RouteFamilies families, Shard shard, Labels labels) {
    requests = families.backendRequests.get(shard, labels);
    duration = families.backendDuration.get(shard, labels);
    frames = families.backendFrames.get(shard, labels);
    statuses = new Outcomes(families, families.backendStatuses, shard, labels);
  }

  void requested() {
    requests.increment();
  }

  /** A piece of a response's body came. */
  void frame(int bytes) {
    frames.record(bytes);
  }

  /**
   * An attempt is over.
   *
   * @param nanos since it was sent
   */
  void responded(ResponseClass response, RouteError error, long nanos) {
    statuses.count(response, error);
    duration.record(nanos);
  }
}
