package dev.weft.proxy.trace;

import dev.weft.proxy.testing.MeshServerNegotiator;
import dev.weft.proxy.tls.MeshTls;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A collector of spans that speaks real OTLP over gRPC, by mesh TLS or in plaintext. */
public final class TestCollector implements AutoCloseable {
  /** The identity by which it is known where it speaks mesh TLS. */
  public static final String NAME = "collector.tracing.serviceaccount.identity.test";

  public final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
  private final @Nullable MeshTls tls;
  private int port;
  private Server server;

  /** Serves at a free port; in plaintext without {@code tls}. */
  public TestCollector(@Nullable MeshTls tls) {
    this.tls = tls;
    this.server = serve();
    this.port = server.getPort();
  }

  private Server serve() {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .addService(new Service());
    if (tls != null) {
      builder.protocolNegotiator(new MeshServerNegotiator(tls));
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Whether clients need its name. */
  public boolean meshed() {
    return tls != null;
  }

  /** All spans so far. */
  public List<Span> spans() {
    return received.stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .map(ScopeSpans::getSpansList)
        .flatMap(List::stream)
        .toList();
  }

  /** Goes away at once. */
  public void kill() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Comes back where it was. */
  public void restart() {
    server = serve();
  }

  @Override
  public void close() {
    kill();
  }

  private final class Service extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
      received.addAll(request.getResourceSpansList());
      observer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
