package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.testing.TestMesh;
import dev.weft.proxy.trace.TestCollector;
import dev.weft.proxy.trace.TestTracing;
import io.netty.util.AsciiString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests through two real proxies which tell a real OTLP receiver of them, by mesh TLS. */
@Timeout(60)
final class TracedPairTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CAUSE = "00f067aa0ba902b7";
  private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + CAUSE + "-01\r\n";

  private final TestMesh mesh = new TestMesh();
  private final TestCollector collector = new TestCollector(mesh.tls(TestCollector.NAME));
  private final TestTracing web = new TestTracing(collector, mesh.tls(Harness.WEB_IDENTITY));
  private final TestTracing api = new TestTracing(collector, mesh.tls(Harness.API_IDENTITY));
  private final Harness harness = new Harness(1, web.telemetry());
  private final TestApp app = new TestApp("api-1");
  private final InboundSide inbound =
      new InboundSide(
          harness,
          "127.0.1.5",
          InboundSide.only(InboundSide.DETECT, Harness.WEB_IDENTITY),
          api.telemetry());

  private final int appPort;

  TracedPairTest() {
    MeshPeer peer =
        harness.keep(
            MeshPeer.plain(new InetSocketAddress("127.0.0.1", 0), app, MeshPeer.Plain.HTTP_1));
    appPort = peer.address().getPort();
    harness.service(inbound.endpoint(appPort, Endpoint.Hint.H2));
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
    inbound.close();
    web.close();
    api.close();
    collector.close();
    mesh.close();
  }

  @Test
  void sampledRequest_isOneTraceOfFourSpans() throws Exception {
    assertThat(get("/a?b=c", SAMPLED).status()).isEqualTo(200);
    await().until(() -> collector.spans().size() == 4);
    Span outer = span("outbound", SpanKind.SPAN_KIND_SERVER);
    Span call = span("outbound", SpanKind.SPAN_KIND_CLIENT);
    Span accepted = span("inbound", SpanKind.SPAN_KIND_SERVER);
    Span inner = span("inbound", SpanKind.SPAN_KIND_CLIENT);
    assertThat(hex(outer.getParentSpanId())).isEqualTo(CAUSE);
    assertThat(call.getParentSpanId()).isEqualTo(outer.getSpanId());
    assertThat(accepted.getParentSpanId()).isEqualTo(call.getSpanId());
    assertThat(inner.getParentSpanId()).isEqualTo(accepted.getSpanId());
    assertThat(seen("traceparent")).isEqualTo("00-" + TRACE + "-" + hex(inner.getSpanId()) + "-01");
    for (Span span : collector.spans()) {
      assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
      assertThat(span.getName()).isEqualTo("/a");
      assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
      assertThat(attributes(span))
          .containsEntry("http.request.method", "GET")
          .containsEntry("url.path", "/a")
          .containsEntry("url.query", "b=c")
          .containsEntry("http.response.status_code", "200")
          .containsEntry("network.transport", "tcp");
    }
    assertThat(attributes(accepted))
        .containsEntry("http.request.header.l5d-orig-proto", "HTTP/1.1");
  }

  @Test
  void resource_saysWhoSendsTheSpans() throws Exception {
    get("/", SAMPLED);
    await().until(() -> collector.spans().size() == 4);
    assertThat(attributes(collector.received.getFirst().getResource().getAttributesList()))
        .containsEntry("service.name", "weft-test")
        .containsEntry("host.name", "pod-1")
        .containsKeys("process.pid", "process.start_timestamp");
  }

  @Test
  void b3_isPropagatedAndRecorded() throws Exception {
    get("/", "X-B3-TraceId: a3ce929d0e0e4736\r\nX-B3-SpanId: " + CAUSE + "\r\nX-B3-Sampled: 1\r\n");
    await().until(() -> collector.spans().size() == 4);
    Span inner = span("inbound", SpanKind.SPAN_KIND_CLIENT);
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head).isNotNull();
    assertThat(String.valueOf(head.headers.get(AsciiString.of("x-b3-traceid"))))
        .isEqualTo("a3ce929d0e0e4736");
    assertThat(String.valueOf(head.headers.get(AsciiString.of("x-b3-spanid"))))
        .isEqualTo(hex(inner.getSpanId()));
    assertThat(hex(inner.getTraceId())).isEqualTo("0000000000000000a3ce929d0e0e4736");
  }

  @Test
  void unsampledRequest_isRenamedAndNotRecorded() throws Exception {
    get("/", "traceparent: 00-" + TRACE + "-" + CAUSE + "-00\r\n");
    assertThat(seen("traceparent"))
        .startsWith("00-" + TRACE + "-")
        .doesNotContain(CAUSE)
        .endsWith("-00");
    get("/after", SAMPLED);
    await().until(() -> collector.spans().size() == 4);
    assertThat(collector.spans()).allMatch(span -> span.getName().equals("/after"));
  }

  @Test
  void requestWithoutTrace_startsNone() throws Exception {
    get("/", "");
    assertThat(seen("traceparent")).isEqualTo("null");
  }

  @Test
  void malformedTrace_passesAsItIs() throws Exception {
    get("/", "traceparent: 00-zz-01\r\n");
    assertThat(seen("traceparent")).isEqualTo("00-zz-01");
  }

  @Test
  void requestThatPolicyDenies_hasNoSpanOfAnApplication() throws Exception {
    inbound.policies.set(appPort, InboundSide.only(InboundSide.DETECT, "nobody.test"));
    await().until(() -> get("/", "").status() == 403);
    assertThat(get("/denied", SAMPLED).status()).isEqualTo(403);
    await().until(() -> collector.spans().size() == 3);
    assertThat(collector.spans())
        .allMatch(span -> attributes(span).get("http.response.status_code").equals("403"))
        .extracting(Span::getKind)
        .containsExactlyInAnyOrder(
            SpanKind.SPAN_KIND_SERVER, SpanKind.SPAN_KIND_CLIENT, SpanKind.SPAN_KIND_SERVER);
  }

  @Test
  void collectorThatWasAway_getsWhatHappenedMeanwhile() throws Exception {
    get("/first", SAMPLED);
    await().until(() -> collector.spans().size() == 4);
    collector.kill();
    get("/meanwhile", SAMPLED);
    await().until(() -> requests(web) >= 2 && requests(api) >= 2);
    collector.restart();
    await().atMost(20, TimeUnit.SECONDS).until(() -> collector.spans().size() == 8);
    assertThat(collector.spans().stream().filter(span -> span.getName().equals("/meanwhile")))
        .hasSize(4);
  }

  private static double requests(TestTracing tracing) {
    return tracing
        .metrics
        .print()
        .lines()
        .filter(line -> line.startsWith("opentelemetry_span_export_requests "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Span span(String direction, SpanKind kind) {
    return collector.spans().stream()
        .filter(span -> span.getKind() == kind)
        .filter(span -> attributes(span).get("direction").equals(direction))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> attributes(Span span) {
    return attributes(span.getAttributesList());
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    return list.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                pair ->
                    pair.getValue().hasStringValue()
                        ? pair.getValue().getStringValue()
                        : Long.toString(pair.getValue().getIntValue())));
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private String seen(String header) throws InterruptedException {
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    if (head == null) {
      throw new AssertionError("no request came");
    }
    return String.valueOf(head.headers.get(AsciiString.of(header)));
  }

  private RawClient.Response get(String path, String headers) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080" + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
      return client.response();
    }
  }
}
