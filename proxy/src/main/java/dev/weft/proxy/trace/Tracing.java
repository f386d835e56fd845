package dev.weft.proxy.trace;

import dev.weft.proxy.config.TraceConfig;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlService;
import dev.weft.proxy.metrics.Metrics;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The tracer of a process with what carries its spans away. Closed once, by whoever made it; spans
 * that wait then are lost.
 */
public final class Tracing implements AutoCloseable {
  private final OtlpCollector collector;
  private final Tracer tracer;

  /**
   * Tracing to the collector that the configuration names, by mesh TLS where it has an identity.
   *
   * @param executor one thread, none of the workers
   * @param random for ids of spans; thread-safe
   */
  public Tracing(
      TraceConfig config,
      ControlChannels channels,
      EventExecutor executor,
      Clock clock,
      RandomGenerator random,
      Metrics metrics) {
    this(config, channels, executor, clock, random, metrics, SpanExporter.MAX_WAIT);
  }

  Tracing(
      TraceConfig config,
      ControlChannels channels,
      EventExecutor executor,
      Clock clock,
      RandomGenerator random,
      Metrics metrics,
      Duration maxWait) {
    OtlpSpans encoding =
        new OtlpSpans(
            config.attributes(), ProcessHandle.current(), clock.instant().getEpochSecond());
    this.collector =
        new OtlpCollector(
            channels.open(ControlService.TRACE_COLLECTOR, config.collector()), encoding);
    SpanExporter exporter =
        new SpanExporter(collector, executor, random, new ExportMetrics(metrics), maxWait);
    this.tracer = new Tracer(clock, Ticker.systemTicker(), random, exporter);
  }

  /** Finds the requests that belong to a trace. */
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void close() {
    collector.close();
  }
}
