package dev.weft.proxy.tap;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;

/** The families {@code weft_tap_*}. Written by the admin loop only. */
final class TapMetrics {
  final Gauge open;
  final Counter events;
  final Counter dropped;

  TapMetrics(Metrics metrics) {
    open =
        metrics
            .gauge("weft_tap_calls", "Tap calls open now.")
            .lasting()
            .get(metrics.admin(), Labels.NONE);
    events =
        metrics
            .counter("weft_tap_events_total", "Events sent to tap clients.")
            .lasting()
            .get(metrics.admin(), Labels.NONE);
    dropped =
        metrics
            .counter("weft_tap_dropped_events_total", "Events dropped for slow tap clients.")
            .lasting()
            .get(metrics.admin(), Labels.NONE);
  }
}
