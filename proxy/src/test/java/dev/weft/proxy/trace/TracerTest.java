package dev.weft.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.metrics.Metrics;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TracerTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0";

  private final EventExecutor executor = new DefaultEventExecutor();
  private final BlockingQueue<Span> ended = new LinkedBlockingQueue<>();
  private final Tracer tracer =
      new Tracer(
          Clock.systemUTC(),
          Ticker.systemTicker(),
          new Random(1),
          new SpanExporter(
              (spans, answer) -> {
                ended.addAll(spans);
                answer.of(io.grpc.Status.OK, 0);
              },
              executor,
              new Random(1),
              new ExportMetrics(new Metrics(1)),
              Duration.ZERO));

  @AfterEach
  void stop() {
    executor.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static RequestHead request(String path, String... namesAndValues) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "GET", path);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      head.headers.add(AsciiString.of(namesAndValues[i]), AsciiString.of(namesAndValues[i + 1]));
    }
    return head;
  }

  @Test
  void requestWithoutTrace_allocatesNothing() {
    RequestHead head = request("/", "host", "api", "user-agent", "test", "accept", "*/*");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int found = 0;
    long allocated = Long.MAX_VALUE;
    // The first rounds load classes and are interpreted.
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        found += tracer.begin(Direction.INBOUND, head) == null ? 0 : 1;
      }
      allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(found).isZero();
    // The measurement itself may cost some bytes; one object per request would be 320,000.
    assertThat(allocated).isLessThan(2_000);
  }

  @Test
  void unsampledRequest_isRenamedAndNotRecorded() throws Exception {
    RequestHead head = request("/", "traceparent", PARENT + "0");
    RequestTrace trace = tracer.begin(Direction.INBOUND, head);
    assertThat(trace).isNotNull();
    assertThat(String.valueOf(head.headers.get(HeaderNames.TRACEPARENT)))
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        .doesNotContain("00f067aa0ba902b7")
        .endsWith("-00");
    trace.sent(head);
    trace.attempted(200);
    trace.answered(200);
    assertThat(ended.poll(50, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void retriedRequest_hasASpanPerAttemptUnderTheSameParent() throws Exception {
    RequestHead head = request("/", "traceparent", PARENT + "1");
    RequestTrace trace = tracer.begin(Direction.OUTBOUND, head);
    trace.sent(head.copy());
    trace.attempted(503);
    trace.sent(head.copy());
    trace.attempted(200);
    trace.answered(200);
    Span first = ended.poll(5, TimeUnit.SECONDS);
    Span second = ended.poll(5, TimeUnit.SECONDS);
    Span server = ended.poll(5, TimeUnit.SECONDS);
    assertThat(List.of(first.status(), second.status(), server.status()))
        .containsExactly(503, 200, 200);
    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(first.context().parentId()).isEqualTo(server.id());
    assertThat(second.context().parentId()).isEqualTo(server.id());
    assertThat(server.context().parentId()).isEqualTo(0x00f067aa0ba902b7L);
  }

  @Test
  void facts_areThoseOfTheContract() {
    RequestHead head =
        request(
            "/a/b?q=1",
            "host",
            "user:secret@api.shop:8080",
            "user-agent",
            "curl",
            "content-type",
            "text/plain",
            "content-length",
            "5",
            "l5d-orig-proto",
            "HTTP/1.1");
    HttpFacts facts = HttpFacts.of(head);
    assertThat(facts.path()).isEqualTo("/a/b");
    assertThat(facts.attributes())
        .containsExactly(
            HttpFacts.Attribute.of("http.request.method", "GET"),
            HttpFacts.Attribute.of("url.scheme", "http"),
            HttpFacts.Attribute.of("url.path", "/a/b"),
            HttpFacts.Attribute.of("url.query", "q=1"),
            HttpFacts.Attribute.of("url.full", "http://REDACTED:REDACTED@api.shop:8080/a/b?q=1"),
            HttpFacts.Attribute.of("network.transport", "tcp"),
            HttpFacts.Attribute.of("server.address", "api.shop"),
            HttpFacts.Attribute.of("server.port", 8080),
            HttpFacts.Attribute.of("user_agent.original", "curl"),
            HttpFacts.Attribute.of("http.request.header.content-length", "5"),
            HttpFacts.Attribute.of("http.request.header.content-type", "text/plain"),
            HttpFacts.Attribute.of("http.request.header.l5d-orig-proto", "HTTP/1.1"));
  }

  @Test
  void facts_ofALongPath_areCut() {
    HttpFacts facts = HttpFacts.of(request("/" + "x".repeat(10_000)));
    assertThat(facts.path()).hasSize(HttpFacts.MAX_CHARS);
    assertThat(facts.attributes())
        .allSatisfy(
            attribute ->
                assertThat(String.valueOf(attribute.text()).length())
                    .isLessThanOrEqualTo(HttpFacts.MAX_CHARS));
  }

  @Test
  void forwardedHost_isTheServer() {
    HttpFacts facts =
        HttpFacts.of(request("/", "host", "inner", "x-forwarded-host", "[2001:db8::1]"));
    assertThat(facts.attributes())
        .contains(HttpFacts.Attribute.of("server.address", "[2001:db8::1]"))
        .noneMatch(attribute -> attribute.name().equals("server.port"));
  }
}
