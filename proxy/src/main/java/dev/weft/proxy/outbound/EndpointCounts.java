package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;

/** How many endpoints a balancer has, by state. Runs on one loop only. */
final class EndpointCounts {
  private final Gauge readyGauge;
  private final Gauge pendingGauge;
  private int ready;
  private int pending;

  EndpointCounts(Family<Gauge> family, Shard shard, Labels labels) {
    readyGauge = family.get(shard, Labels.of("endpoint_state", "ready").and(labels));
    pendingGauge = family.get(shard, Labels.of("endpoint_state", "pending").and(labels));
  }

  /** These are the numbers now; several balancers may share one series. */
  void set(int readyNow, int pendingNow) {
    readyGauge.add(readyNow - ready);
    pendingGauge.add(pendingNow - pending);
    ready = readyNow;
    pending = pendingNow;
  }
}
