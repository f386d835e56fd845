package dev.weft.proxy.trace;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Spans in the words of OTLP. Immutable.
 *
 * <p>Source: opentelemetry-proto 1.9, {@code trace/v1/trace.proto}; names of attributes:
 * facts/observability.md 9.2.
 */
final class OtlpSpans {
  private static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder().setName("weft-proxy").build();

  private final Resource resource;

  /**
   * An encoding for one process.
   *
   * @param attributes of the process and its workload
   */
  OtlpSpans(Map<String, String> attributes, ProcessHandle process, long startedEpochSeconds) {
    Resource.Builder builder = Resource.newBuilder();
    builder.addAttributes(number("process.pid", process.pid()));
    builder.addAttributes(number("process.start_timestamp", startedEpochSeconds));
    attributes.forEach((name, value) -> builder.addAttributes(text(name, value)));
    this.resource = builder.build();
  }

  ExportTraceServiceRequest request(List<Span> spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(SCOPE);
    for (Span span : spans) {
      scope.addSpans(span(span));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
        .build();
  }

  private static io.opentelemetry.proto.trace.v1.Span span(Span span) {
    TraceContext context = span.context();
    io.opentelemetry.proto.trace.v1.Span.Builder builder =
        io.opentelemetry.proto.trace.v1.Span.newBuilder()
            .setTraceId(
                bytes(
                    ByteBuffer.allocate(16)
                        .putLong(context.traceHigh())
                        .putLong(context.traceLow())))
            .setSpanId(bytes(ByteBuffer.allocate(8).putLong(span.id())))
            .setParentSpanId(bytes(ByteBuffer.allocate(8).putLong(context.parentId())))
            .setFlags(context.flags())
            .setName(span.request().path())
            .setKind(
                switch (span.side()) {
                  case SERVER -> SpanKind.SPAN_KIND_SERVER;
                  case CLIENT -> SpanKind.SPAN_KIND_CLIENT;
                })
            .setStartTimeUnixNano(span.beganEpochNanos())
            .setEndTimeUnixNano(span.beganEpochNanos() + span.tookNanos());
    builder.addAttributes(text("direction", span.direction().label()));
    for (HttpFacts.Attribute attribute : span.request().attributes()) {
      String value = attribute.text();
      builder.addAttributes(
          value == null
              ? number(attribute.name(), attribute.number())
              : text(attribute.name(), value));
    }
    builder.addAttributes(number("http.response.status_code", span.status()));
    return builder.build();
  }

  private static ByteString bytes(ByteBuffer filled) {
    return ByteString.copyFrom(filled.array());
  }

  private static KeyValue text(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String name, long value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
