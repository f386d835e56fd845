package dev.weft.proxy.client;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The cells of one balancer and of the room before it; several balancers may share one series. Runs
 * on one loop only.
 */
public final class BalancerMeter implements WaitingRoom.Observer {
  private final Clock clock;
  private final Gauge readyGauge;
  private final Gauge pendingGauge;
  private final Gauge size;
  private final Counter resets;
  private final Counter added;
  private final Counter removed;
  private final Gauge queueLength;
  private final Counter requests;
  private final Histogram latency;
  private final Counter opened;
  private final Counter shut;
  private final Gauge openTime;
  private final Gauge shutTime;
  private boolean begun;
  private int ready;
  private int pending;

  /**
   * Cells of a series.
   *
   * @param failfast how long requests wait, shown as it is
   */
  public BalancerMeter(
      BalancerFamilies families, Shard shard, Labels labels, Duration failfast, Clock clock) {
    this.clock = clock;
    readyGauge = families.endpoints.get(shard, Labels.of("endpoint_state", "ready").and(labels));
    pendingGauge =
        families.endpoints.get(shard, Labels.of("endpoint_state", "pending").and(labels));
    size = families.size.get(shard, labels);
    resets = families.updates.get(shard, Labels.of("op", "Reset").and(labels));
    added = families.updates.get(shard, Labels.of("op", "Add").and(labels));
    removed = families.updates.get(shard, Labels.of("op", "Remove").and(labels));
    queueLength = families.queueLength.get(shard, labels);
    requests = families.queueRequests.get(shard, labels);
    latency = families.queueLatency.get(shard, labels);
    opened = families.gateOpened.get(shard, labels);
    shut = families.gateShut.get(shard, labels);
    openTime = families.gateOpenTime.get(shard, labels);
    shutTime = families.gateShutTime.get(shard, labels);
    families.gateTimeout.get(shard, labels).set(failfast.toNanos());
  }

  /** A whole set of endpoints arrived. */
  public void updated() {
    if (!begun) {
      begun = true;
      resets.increment();
    }
  }

  /** One of them is new. */
  public void added() {
    added.increment();
  }

  /** One of them is gone. */
  public void removed() {
    removed.increment();
  }

  /** These are the numbers of endpoints now. */
  public void count(int readyNow, int pendingNow) {
    readyGauge.add(readyNow - ready);
    pendingGauge.add(pendingNow - pending);
    size.add(readyNow - ready + pendingNow - pending);
    ready = readyNow;
    pending = pendingNow;
  }

  /** A request or connection came. */
  public void requested() {
    requests.increment();
  }

  /** It got an endpoint, after so long. */
  public void dispatched(long waitedNanos) {
    latency.record(waitedNanos);
  }

  @Override
  public void queued(int change) {
    queueLength.add(change);
  }

  @Override
  public void gate(boolean open) {
    long now = TimeUnit.MILLISECONDS.toNanos(clock.millis());
    if (open) {
      opened.increment();
      openTime.set(now);
    } else {
      shut.increment();
      shutTime.set(now);
    }
  }
}
