package dev.weft.proxy.trace;

import dev.weft.proxy.client.Backoff;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends finished spans to the collector, in batches: when {@link #MAX_BATCH} wait, or {@link
 * #MAX_WAIT} after the first. {@link #offer} is called on any thread and never waits; all else runs
 * on the executor only.
 *
 * <p>One batch is on its way at a time. While the collector is away it is tried again with growing
 * pauses, the next one gathers, then the queue fills, and then spans are dropped and counted: so at
 * most {@code 2 × MAX_BATCH + MAX_QUEUED} are held.
 */
final class SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);

  /** Most spans between the event loops and the executor. */
  static final int MAX_QUEUED = 1_000;

  /** Most spans in one request to the collector. */
  static final int MAX_BATCH = 1_000;

  /** How long a span waits for others. */
  static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private static final Duration MIN_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
  private static final double JITTER = 0.1;

  /** After these the same batch may be sent again (OTLP/gRPC, "Failures"). */
  private static final Set<Status.Code> RETRYABLE =
      EnumSet.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.ABORTED,
          Status.Code.OUT_OF_RANGE,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Queue<Span> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Collector collector;
  private final EventExecutor executor;
  private final Backoff backoff;
  private final ExportMetrics metrics;
  private final Duration maxWait;
  private List<Span> batch = new ArrayList<>();
  private @Nullable Future<?> timer;
  private boolean sending;
  private boolean failing;

  /** Complete when nothing waits any more, or cannot be sent; null before the end. */
  private @Nullable CompletableFuture<Void> ending;

  /** Who takes batches. */
  @FunctionalInterface
  interface Collector {
    /**
     * Sends a batch; the answer may come on any thread.
     *
     * @param spans not empty; not changed any more
     */
    void send(List<Span> spans, Answer answer);
  }

  /** What became of a batch. */
  @FunctionalInterface
  interface Answer {
    /**
     * The collector answered, or cannot be reached.
     *
     * @param rejected how many of the spans it did not want, of a status that is OK
     */
    void of(Status status, long rejected);
  }

  SpanExporter(
      Collector collector,
      EventExecutor executor,
      java.util.random.RandomGenerator random,
      ExportMetrics metrics,
      Duration maxWait) {
    this.collector = collector;
    this.executor = executor;
    this.backoff = new Backoff(MIN_PAUSE, MAX_PAUSE, JITTER, random);
    this.metrics = metrics;
    this.maxWait = maxWait;
  }

  /** Takes a span, or drops it if too many wait. */
  void offer(Span span) {
    if (queued.incrementAndGet() > MAX_QUEUED) {
      queued.decrementAndGet();
      metrics.overflowed();
      return;
    }
    queue.add(span);
    if (woken.compareAndSet(false, true)) {
      executor.execute(this::gather);
    }
  }

  /** Sends what waits, once; the result is complete when that was answered. */
  CompletableFuture<Void> end() {
    CompletableFuture<Void> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          ending = result;
          gather();
          flush();
          endIfDone();
        });
    return result;
  }

  private void endIfDone() {
    if (ending != null && !sending && batch.isEmpty()) {
      ending.complete(null);
    }
  }

  private void gather() {
    woken.set(false);
    while (batch.size() < MAX_BATCH) {
      Span span = queue.poll();
      if (span == null) {
        break;
      }
      queued.decrementAndGet();
      batch.add(span);
    }
    if (batch.size() == MAX_BATCH) {
      flush();
    } else if (!batch.isEmpty() && timer == null) {
      timer = executor.schedule(this::flush, maxWait.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Sends what was gathered, unless a batch is on its way: then right after that one. */
  private void flush() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (sending || batch.isEmpty()) {
      return;
    }
    sending = true;
    List<Span> spans = List.copyOf(batch);
    batch = new ArrayList<>();
    send(spans);
  }

  private void send(List<Span> spans) {
    metrics.requested();
    collector.send(
        spans, (status, rejected) -> executor.execute(() -> answered(spans, status, rejected)));
  }

  private void answered(List<Span> spans, Status status, long rejected) {
    if (status.isOk()) {
      recovered();
      metrics.exported(spans.size() - rejected);
      metrics.rejected(rejected);
      done();
    } else if (RETRYABLE.contains(status.getCode()) && ending == null) {
      failed(status);
      executor.schedule(() -> send(spans), backoff.nextNanos(), TimeUnit.NANOSECONDS);
    } else {
      failed(status);
      metrics.rejected(spans.size());
      done();
    }
  }

  private void done() {
    sending = false;
    boolean waited = timer == null && !batch.isEmpty();
    gather();
    if (waited || ending != null) {
      flush();
    }
    endIfDone();
  }

  private void recovered() {
    backoff.reset();
    if (failing) {
      failing = false;
      LOG.info("trace collector takes spans again");
    }
  }

  private void failed(Status status) {
    if (!failing) {
      failing = true;
      LOG.warn(
          "trace collector takes no spans; cause: {} {}; they wait, and are dropped and counted"
              + " when there are too many",
          status.getCode(),
          status.getDescription());
    }
  }
}
