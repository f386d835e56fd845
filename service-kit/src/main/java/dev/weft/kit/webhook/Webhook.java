package dev.weft.kit.webhook;

import dev.weft.kit.lease.Leadership;
import dev.weft.kit.lease.LeaseTiming;
import dev.weft.kit.resources.ResourcesConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The admission webhook of one service. The service calls {@link #start} when it is able to answer;
 * the listener opens when there is a certificate too. Thread-safe.
 */
@ApplicationScoped
public class Webhook {
  private static final Logger LOG = Logger.getLogger(Webhook.class);

  /** How long running reviews may take at the end. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Before everything which reviews need. */
  private static final int EARLY = 1;

  private final WebhookConfig config;
  private final ResourcesConfig resources;
  private final Vertx vertx;
  private final Instance<KubernetesClient> client;
  private final MeterRegistry meters;
  private final ServingKeyManager keys = new ServingKeyManager();
  private @Nullable Leadership leadership;
  private @Nullable CertificateLoop loop;
  private @Nullable WebhookServer server;
  private boolean stopped;

  Webhook(
      WebhookConfig config,
      ResourcesConfig resources,
      Vertx vertx,
      Instance<KubernetesClient> client,
      MeterRegistry meters) {
    this.config = config;
    this.resources = resources;
    this.vertx = vertx;
    this.client = client;
    this.meters = meters;
  }

  /**
   * Whether this service has one: where it is enabled, and there is an API server that could call
   * it, or a certificate for whoever else does.
   */
  public boolean isEnabled() {
    boolean cluster = resources.directories().orElse(List.of()).isEmpty();
    return config.enabled() && (cluster || config.tls().directory().isPresent());
  }

  /**
   * Begins to serve; returns at once. Does nothing where the webhook is not enabled, or was
   * started.
   *
   * @throws IllegalArgumentException naming a setting that makes no sense
   */
  public void start(AdmissionHandler handler) {
    start(handler, Rehearsal.NONE);
  }

  /**
   * As {@link #start(AdmissionHandler)}, and before the listener opens a rehearsal is held, so that
   * the first reviews are not those that load and compile everything.
   */
  public synchronized void start(AdmissionHandler handler, Rehearsal rehearsal) {
    if (!isEnabled() || loop != null || stopped) {
      return;
    }
    AdmissionReviews reviews = new AdmissionReviews(timed(handler));
    TimeGauge.builder(
            "weft.webhook.certificate.expiration.timestamp",
            keys,
            TimeUnit.SECONDS,
            k -> k.credentials().map(c -> (double) c.notAfter().getEpochSecond()).orElse(0.0))
        .description("When the webhook's certificate expires; 0 before the first")
        .register(meters);
    CertificateLoop started =
        new CertificateLoop(
            source(),
            keys,
            config.tls().check(),
            () -> {
              rehearsal.hold();
              open(reviews);
            });
    loop = started;
    started.start();
  }

  private AdmissionHandler timed(AdmissionHandler handler) {
    Timer timer =
        Timer.builder("weft.webhook.review")
            .description("How long reviews take")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10))
            .register(meters);
    return request -> timer.record(() -> handler.review(request));
  }

  private PairSource source() {
    Optional<Path> directory = config.tls().directory();
    if (directory.isPresent()) {
      return new FilePairs(directory.get());
    }
    List<String> names = new ArrayList<>();
    names.add("%s.%s.svc".formatted(config.service(), config.namespace()));
    names.addAll(config.names().orElse(List.of()));
    Rotation rotation =
        new Rotation(
            names, config.tls().lifetime(), config.tls().renewBefore(), config.tls().overlap());
    Leadership chosen =
        Leadership.seek(
            client.get(),
            new Leadership.LeaseName(config.namespace(), config.service() + "-certificate"),
            config.replica(),
            LeaseTiming.DEFAULT);
    leadership = chosen;
    return new SharedPairs(
        new KubernetesWebhookObjects(client.get(), config),
        rotation,
        Clock.systemUTC(),
        new SecureRandom(),
        () -> chosen.isLeader() || chosen.error().isPresent());
  }

  private synchronized void open(AdmissionReviews reviews) {
    if (stopped) {
      return;
    }
    try {
      WebhookServer opened = WebhookServer.open(vertx, config.host(), config.port(), keys, reviews);
      server = opened;
      LOG.infof(
          "webhook listener open: address=%s:%d certificate=%s",
          config.host(),
          opened.port(),
          config.tls().directory().map(Object::toString).orElse("our own"));
    } catch (IOException e) {
      LOG.error(e.getMessage());
      Quarkus.asyncExit(1);
    }
  }

  /** The bound port, empty while the listener is not open. */
  public synchronized OptionalInt port() {
    return server == null ? OptionalInt.empty() : OptionalInt.of(server.port());
  }

  /** Who renews the certificate; empty where somebody else does, or nobody was chosen yet. */
  synchronized Optional<String> writer() {
    return Optional.ofNullable(leadership).map(Leadership::leader).filter(name -> !name.isEmpty());
  }

  /** Why no replica can be chosen to renew the certificate; empty where all is well. */
  synchronized Optional<String> leaseError() {
    return Optional.ofNullable(leadership).flatMap(Leadership::error);
  }

  /** Why there is no certificate, or no newer one; empty where all is well. */
  synchronized Optional<String> error() {
    return loop == null ? Optional.empty() : loop.error();
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  void stop(@Observes @Priority(EARLY) ShutdownEvent event) throws InterruptedException {
    WebhookServer open;
    synchronized (this) {
      stopped = true;
      open = server;
      if (loop != null) {
        loop.close();
      }
      if (leadership != null) {
        leadership.close();
      }
    }
    if (open == null) {
      return;
    }
    TimeUnit.MILLISECONDS.sleep(config.drain().toMillis());
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (open.running() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    open.close();
  }
}
