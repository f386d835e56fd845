package dev.weft.proxy.trace;

import dev.weft.proxy.http.RequestHead;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests that belong to a trace. Thread-safe; allocates nothing for a request that does
 * not. Where no collector is configured there is no tracer, and headers pass as they are.
 *
 * <p>Source: facts/proxy.md 5.3, facts/observability.md 9.
 */
public final class Tracer {
  private final Clock clock;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final SpanExporter exporter;

  /**
   * A tracer.
   *
   * @param random for ids of spans; thread-safe
   * @param exporter gets the spans of sampled requests
   */
  Tracer(Clock clock, Ticker ticker, RandomGenerator random, SpanExporter exporter) {
    this.clock = clock;
    this.ticker = ticker;
    this.random = random;
    this.exporter = exporter;
  }

  /**
   * A request was accepted.
   *
   * @param head as it came; if it names a trace, it names this proxy's span as its cause afterwards
   * @return what is to hear of the request, null if it belongs to no trace
   */
  public @Nullable RequestTrace begin(Direction direction, RequestHead head) {
    TraceContext context = TraceContext.of(head.headers);
    return context == null ? null : new RequestTrace(this, direction, context, head);
  }

  long newId() {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }

  long epochNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  long nanoTime() {
    return ticker.nanoTime();
  }

  void ended(Span span) {
    exporter.offer(span);
  }
}
