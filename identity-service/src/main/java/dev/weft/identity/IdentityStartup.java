package dev.weft.identity;

import dev.weft.identity.attest.Attestor;
import dev.weft.identity.issue.IssuerKeeper;
import dev.weft.kit.grpc.GrpcServerBootstrap;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Starts what runs by itself: the look at the issuer's files, and the gRPC listener as soon as
 * there is an issuer. Without a good issuer the service stays up, not ready, and goes on looking.
 */
@Singleton
final class IdentityStartup {
  private static final Logger LOG = Logger.getLogger("dev.weft.identity");

  private final IdentitySettings settings;
  private final IssuerKeeper issuers;
  private final Attestor attestor;
  private final GrpcServerBootstrap grpc;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("issuer-poll").factory());

  IdentityStartup(
      IdentitySettings settings,
      IssuerKeeper issuers,
      Attestor attestor,
      GrpcServerBootstrap grpc) {
    this.settings = settings;
    this.issuers = issuers;
    this.attestor = attestor;
    this.grpc = grpc;
  }

  void start(@Observes StartupEvent event) {
    LOG.infof("attestor: kind=%s %s", attestor.getClass().getSimpleName(), attestor.health());
    poll();
    long millis = settings.issuerPollInterval().toMillis();
    var _ = poller.scheduleWithFixedDelay(this::pollLater, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void poll() {
    issuers.poll();
    if (issuers.issuer().isPresent()) {
      grpc.open();
    }
  }

  private void pollLater() {
    try {
      poll();
    } catch (RuntimeException e) {
      LOG.errorf(e, "issuer poll failed; cause: %s; fix: see there; it is tried again", e);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    poller.shutdownNow();
  }
}
