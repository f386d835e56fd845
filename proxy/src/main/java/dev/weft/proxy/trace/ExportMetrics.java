package dev.weft.proxy.trace;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what becomes of spans. {@link #overflowed} is called on any thread, all else on the
 * control executor only.
 *
 * <p>Source: facts/observability.md 6.8; the contract's names have no {@code _total}.
 */
final class ExportMetrics {
  private static final String DROPPED = "weft_trace_spans_dropped_total";
  private static final String DROPPED_HELP = "Spans that no collector got, by reason.";

  private final LongAdder overflowed = new LongAdder();
  private final Counter requests;
  private final Counter exported;
  private final LongAdder rejected = new LongAdder();

  ExportMetrics(Metrics metrics) {
    metrics
        .counter("opentelemetry_span_export_streams", "Exporters of spans that were started.")
        .get(metrics.admin(), Labels.NONE)
        .increment();
    this.requests =
        metrics
            .counter("opentelemetry_span_export_requests", "Calls of the trace collector.")
            .get(metrics.admin(), Labels.NONE);
    this.exported =
        metrics
            .counter("opentelemetry_span_exports", "Spans that the trace collector took.")
            .get(metrics.admin(), Labels.NONE);
    metrics.countReading(
        DROPPED, DROPPED_HELP, Labels.of("reason", "queue_full"), overflowed::doubleValue);
    metrics.countReading(
        DROPPED, DROPPED_HELP, Labels.of("reason", "rejected"), rejected::doubleValue);
  }

  /** A span found no room. */
  void overflowed() {
    overflowed.increment();
  }

  void requested() {
    requests.increment();
  }

  void exported(long spans) {
    exported.add(Math.max(0, spans));
  }

  /** The collector did not want them. */
  void rejected(long spans) {
    rejected.add(Math.max(0, spans));
  }
}
