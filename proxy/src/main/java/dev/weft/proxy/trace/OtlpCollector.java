package dev.weft.proxy.trace;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A collector that speaks OTLP over gRPC. Thread-safe; owns its channel, which connects when the
 * first batch is sent.
 */
final class OtlpCollector implements SpanExporter.Collector, AutoCloseable {
  private static final long TIMEOUT_SECONDS = 10;

  private final ManagedChannel channel;
  private final OtlpSpans encoding;

  OtlpCollector(ManagedChannel channel, OtlpSpans encoding) {
    this.channel = channel;
    this.encoding = encoding;
  }

  @Override
  public void send(List<Span> spans, SpanExporter.Answer answer) {
    ExportTraceServiceRequest request = encoding.request(spans);
    // Our own pauses between attempts hold, not those of the channel.
    channel.resetConnectBackoff();
    TraceServiceGrpc.newStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .export(request, new Call(answer));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** One call; answers once. */
  private static final class Call implements StreamObserver<ExportTraceServiceResponse> {
    private final SpanExporter.Answer answer;
    private long rejected;

    Call(SpanExporter.Answer answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(ExportTraceServiceResponse response) {
      rejected = response.getPartialSuccess().getRejectedSpans();
    }

    @Override
    public void onError(Throwable problem) {
      answer.of(Status.fromThrowable(problem), 0);
    }

    @Override
    public void onCompleted() {
      answer.of(Status.OK, rejected);
    }
  }
}
