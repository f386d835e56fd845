package dev.weft.proxy.control;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import io.grpc.Status;
import java.util.function.IntSupplier;

/** Counts watches and their streams. Used on the control executor only. */
final class WatchMetrics {
  private final Metrics metrics;
  private final Family<Counter> ended;

  WatchMetrics(Metrics metrics) {
    this.metrics = metrics;
    this.ended =
        metrics.counter(
            "weft_control_streams_ended_total",
            "Streams to the control plane that ended, by kind and status.");
  }

  void watches(String kind, IntSupplier count) {
    metrics.reading(
        "weft_control_watches",
        "Keys watched at the control plane.",
        Labels.of("kind", kind),
        count::getAsInt);
  }

  void ended(String kind, Status.Code code) {
    ended.get(metrics.admin(), Labels.of("kind", kind, "code", code.name())).increment();
  }
}
