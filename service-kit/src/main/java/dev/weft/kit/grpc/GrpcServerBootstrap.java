package dev.weft.kit.grpc;

import dev.weft.kit.tls.MeshServerTls;
import dev.weft.kit.tls.ServiceTls;
import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves every {@link BindableService} bean of the application on one gRPC listener. A service
 * calls {@link #open} once it is able to answer (its first snapshot is complete, its issuer
 * loaded): until then the port is closed, so that clients go to another replica instead of meeting
 * half an answer.
 *
 * <p>Thread-safe. The listener is closed when the application stops.
 */
@ApplicationScoped
public class GrpcServerBootstrap {
  private static final Logger LOG = Logger.getLogger(GrpcServerBootstrap.class);

  private final GrpcServerConfig config;
  private final Instance<BindableService> services;
  private final MeterRegistry registry;
  private final ServiceTls serviceTls;
  private @Nullable MeshGrpcServer server;
  private @Nullable MeshServerTls tls;
  private boolean stopped;

  GrpcServerBootstrap(
      GrpcServerConfig config,
      @Any Instance<BindableService> services,
      MeterRegistry registry,
      ServiceTls serviceTls) {
    this.config = config;
    this.services = services;
    this.registry = registry;
    this.serviceTls = serviceTls;
  }

  /**
   * Opens the listener; further calls do nothing. With mesh TLS it returns at once and the listener
   * opens when the first certificate is there; if its address cannot be bound then, the process
   * ends.
   *
   * @throws UncheckedIOException if the address cannot be bound
   * @throws IllegalStateException if mesh TLS is enabled and not configured
   */
  public synchronized void open() {
    if (server != null || tls != null || stopped) {
      return;
    }
    if (serviceTls.isEnabled()) {
      tls = serviceTls.start(this::openCertified);
    } else {
      bind();
    }
  }

  private void openCertified() {
    try {
      synchronized (this) {
        if (!stopped) {
          bind();
        }
      }
    } catch (UncheckedIOException e) {
      LOG.error(e.getCause().getMessage());
      Quarkus.asyncExit(1);
    }
  }

  private void bind() {
    List<BindableService> served = services.stream().toList();
    try {
      server =
          MeshGrpcServer.start(
              GrpcServerSettings.of(config),
              served,
              List.of(new GrpcServerMetrics(registry)),
              Optional.ofNullable(tls));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LOG.infof(
        "gRPC listener open: address=%s:%d tls=%s services=%s",
        config.host(),
        server.port(),
        tls != null,
        served.stream().map(s -> s.bindService().getServiceDescriptor().getName()).toList());
  }

  /** Whether the application has anything to serve by gRPC. */
  boolean isUsed() {
    return !services.isUnsatisfied();
  }

  /** The bound port, empty while the listener is not open. */
  public synchronized OptionalInt port() {
    return server == null ? OptionalInt.empty() : OptionalInt.of(server.port());
  }

  void stop(@Observes ShutdownEvent event) {
    MeshGrpcServer open;
    synchronized (this) {
      stopped = true;
      open = server;
      server = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
