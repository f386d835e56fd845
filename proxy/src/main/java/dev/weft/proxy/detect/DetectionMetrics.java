package dev.weft.proxy.detect;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;

/**
 * The families of HTTP detection of one direction. Thread-safe.
 *
 * <p>Source: facts/proxy.md 4.4.
 */
public final class DetectionMetrics {
  private final Family<Counter> results;
  private final Family<Histogram> durations;

  /**
   * Declares the families.
   *
   * @param direction {@code inbound} or {@code outbound}
   */
  public DetectionMetrics(Metrics metrics, String direction) {
    String prefix = direction + "_tcp_detect_http";
    durations =
        metrics
            .seconds(prefix + "_duration_seconds", "Time that HTTP detection took.", 0.001, 0.1)
            .lasting();
    results = metrics.counter(prefix + "_results_total", "Outcomes of HTTP detection.").lasting();
  }

  /** The cells under these labels. */
  public DetectionMeter meter(Shard shard, Labels labels) {
    return new DetectionMeter(
        durations.get(shard, labels),
        result -> results.get(shard, Labels.of("result", result.label()).and(labels)));
  }
}
