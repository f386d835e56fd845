package dev.weft.proxy.trace;

import dev.weft.proxy.config.TraceConfig;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlService;
import dev.weft.proxy.metrics.Metrics;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The tracer of a process with what carries its spans away. Closed once, by whoever made it, while
 * its executor and loops still run: what waits then is sent, for {@link #MAX_END} at most.
 */
public final class Tracing implements AutoCloseable {
  private static final Duration MAX_END = Duration.ofSeconds(1);

  private final OtlpCollector collector;
  private final SpanExporter exporter;
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
    this.exporter =
        new SpanExporter(collector, executor, random, new ExportMetrics(metrics), maxWait);
    this.tracer = new Tracer(clock, Ticker.systemTicker(), random, exporter);
  }

  /** Finds the requests that belong to a trace. */
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void close() {
    try {
      exporter.end().get(MAX_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // The collector is slow or away; the process does not wait for it.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    collector.close();
  }
}
