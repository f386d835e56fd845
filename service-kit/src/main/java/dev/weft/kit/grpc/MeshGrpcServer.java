package dev.weft.kit.grpc;

import dev.weft.kit.tls.MeshServerTls;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A running gRPC listener of a control-plane service. Handlers run on virtual threads, one per call
 * event and never two of one call at a time, so they may block. HTTP/2 without limit on concurrent
 * streams per connection, as proxies keep one stream per name, port or target.
 *
 * <p>Thread-safe. The creator owns it and must {@link #close} it.
 */
public final class MeshGrpcServer implements AutoCloseable {
  /**
   * A client which resets more streams than this within the window is disconnected (rapid reset).
   */
  private static final int MAX_RESETS_PER_WINDOW = 2_000;

  private static final int RESET_WINDOW_SECONDS = 30;

  private final Server server;
  private final ExecutorService executor;
  private final GrpcServerSettings settings;

  private MeshGrpcServer(Server server, ExecutorService executor, GrpcServerSettings settings) {
    this.server = server;
    this.executor = executor;
    this.settings = settings;
  }

  /**
   * Binds and serves.
   *
   * @param tls ends mesh TLS on every connection when present, and must have a certificate
   * @param interceptors the first is called first
   * @throws IOException if the address cannot be bound; the message names it and says how to go on
   */
  public static MeshGrpcServer start(
      GrpcServerSettings settings,
      List<BindableService> services,
      List<ServerInterceptor> interceptors,
      Optional<MeshServerTls> tls)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new IOException(
          "gRPC listener cannot bind %s:%d; cause: unknown host; fix: set weft.grpc.host to an address of this machine"
              .formatted(settings.host(), settings.port()));
    }
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .executor(executor)
            .maxInboundMessageSize(settings.maxMessageBytes())
            .maxInboundMetadataSize(settings.maxMetadataBytes())
            .permitKeepAliveTime(settings.permitKeepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .maxRstFramesPerWindow(MAX_RESETS_PER_WINDOW, RESET_WINDOW_SECONDS);
    tls.ifPresent(mesh -> builder.protocolNegotiator(new MeshTlsNegotiator(mesh)));
    services.forEach(builder::addService);
    // grpc-java calls the interceptor added last first.
    interceptors.reversed().forEach(builder::intercept);
    try {
      return new MeshGrpcServer(builder.build().start(), executor, settings);
    } catch (IOException e) {
      executor.close();
      throw new IOException(
          "gRPC listener cannot bind %s:%d; cause: %s; fix: free the port or set weft.grpc.host and weft.grpc.port"
              .formatted(settings.host(), settings.port(), rootMessage(e)),
          e);
    }
  }

  /** The TCP port that is really bound. */
  public int port() {
    return server.getPort();
  }

  /**
   * Stops accepting, lets running calls end within the grace of the settings, then ends them with
   * {@code UNAVAILABLE}. Blocks for at most twice the grace.
   */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(settings.shutdownGrace().toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(settings.shutdownGrace().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      executor.shutdownNow();
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
