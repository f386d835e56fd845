package dev.weft.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.metrics.Metrics;
import io.grpc.Status;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SpanExporterTest {
  private final EventExecutor executor = new DefaultEventExecutor();
  private final Metrics metrics = new Metrics(1);
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

  private record Sent(List<Span> spans, SpanExporter.Answer answer) {}

  @AfterEach
  void stop() {
    executor.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private SpanExporter exporter(Duration maxWait) {
    return new SpanExporter(
        (spans, answer) -> sent.add(new Sent(spans, answer)),
        executor,
        new Random(1),
        new ExportMetrics(metrics),
        maxWait);
  }

  private static Span span(int status) {
    return new Span(
        new TraceContext(Propagation.W3C, 1, 2, 3, 1),
        4,
        Span.Side.SERVER,
        Direction.INBOUND,
        new HttpFacts("/", List.of()),
        0,
        1,
        status);
  }

  private Sent next() throws InterruptedException {
    Sent next = sent.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was sent");
    }
    return next;
  }

  private double dropped(String reason) {
    return metrics
        .print()
        .lines()
        .filter(line -> line.startsWith("weft_trace_spans_dropped_total{reason=\"" + reason))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void fullBatch_isSentAtOnce() throws Exception {
    SpanExporter exporter = exporter(Duration.ofHours(1));
    for (int i = 0; i < SpanExporter.MAX_BATCH; i++) {
      exporter.offer(span(i));
    }
    List<Span> spans = next().spans();
    assertThat(spans).hasSize(SpanExporter.MAX_BATCH);
    assertThat(spans.getLast().status()).isEqualTo(SpanExporter.MAX_BATCH - 1);
  }

  @Test
  void fewSpans_areSentAfterTheWait() throws Exception {
    SpanExporter exporter = exporter(Duration.ofMillis(10));
    exporter.offer(span(1));
    next().answer().of(Status.OK, 0);
    exporter.offer(span(2));
    assertThat(next().spans()).extracting(Span::status).containsExactly(2);
  }

  @Test
  void unreachableCollector_isSentTheSameBatchAgain() throws Exception {
    SpanExporter exporter = exporter(Duration.ZERO);
    exporter.offer(span(1));
    Sent first = next();
    exporter.offer(span(2));
    first.answer().of(Status.UNAVAILABLE, 0);
    Sent again = next();
    assertThat(again.spans()).isEqualTo(first.spans());
    again.answer().of(Status.OK, 0);
    assertThat(next().spans()).extracting(Span::status).containsExactly(2);
    assertThat(dropped("")).isZero();
  }

  @Test
  void batchThatIsRefused_isDroppedAndTheNextIsSent() throws Exception {
    SpanExporter exporter = exporter(Duration.ZERO);
    exporter.offer(span(1));
    next().answer().of(Status.INVALID_ARGUMENT, 0);
    await().until(() -> dropped("rejected") == 1);
    exporter.offer(span(2));
    assertThat(next().spans()).extracting(Span::status).containsExactly(2);
  }

  @Test
  void spansThatAreRejected_areCounted() throws Exception {
    SpanExporter exporter = exporter(Duration.ZERO);
    exporter.offer(span(1));
    next().answer().of(Status.OK, 1);
    await().until(() -> dropped("rejected") == 1);
  }

  @Test
  void end_sendsWhatWaitsAtOnce() throws Exception {
    SpanExporter exporter = exporter(Duration.ofHours(1));
    exporter.offer(span(1));
    CompletableFuture<Void> ended = exporter.end();
    Sent last = next();
    assertThat(last.spans()).extracting(Span::status).containsExactly(1);
    assertThat(ended).isNotDone();
    last.answer().of(Status.OK, 0);
    ended.get(10, TimeUnit.SECONDS);
  }

  @Test
  void end_withACollectorThatIsAway_isNotHeldUp() throws Exception {
    SpanExporter exporter = exporter(Duration.ofHours(1));
    exporter.offer(span(1));
    CompletableFuture<Void> ended = exporter.end();
    next().answer().of(Status.UNAVAILABLE, 0);
    ended.get(10, TimeUnit.SECONDS);
    assertThat(dropped("rejected")).isEqualTo(1);
  }

  @Test
  void collectorThatNeverAnswers_costsNoMoreThanTheBound() throws Exception {
    SpanExporter exporter = exporter(Duration.ZERO);
    exporter.offer(span(0));
    next();
    CountDownLatch busy = new CountDownLatch(1);
    int extra = 10;
    // One batch gathers while the first is on its way, the queue fills, the rest is dropped.
    for (int i = 0; i < SpanExporter.MAX_BATCH; i += 100) {
      for (int j = 0; j < 100; j++) {
        exporter.offer(span(j));
      }
      executor.submit(() -> {}).sync();
    }
    executor.execute(
        () -> {
          try {
            busy.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    for (int i = 0; i < SpanExporter.MAX_QUEUED + extra; i++) {
      exporter.offer(span(i));
    }
    assertThat(dropped("queue_full")).isEqualTo(extra);
    busy.countDown();
    executor.submit(() -> {}).sync();
    exporter.offer(span(1));
    assertThat(dropped("queue_full")).isEqualTo(extra + 1);
    assertThat(sent).isEmpty();
  }
}
