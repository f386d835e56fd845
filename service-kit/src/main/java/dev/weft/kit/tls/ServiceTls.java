package dev.weft.kit.tls;

import dev.weft.kit.metrics.LateCounter;
import dev.weft.pki.TrustAnchors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The mesh TLS of one service: where it is enabled, obtains and renews the leaf and says so in log
 * and metrics. Thread-safe.
 */
@ApplicationScoped
public class ServiceTls {
  private static final Logger LOG = Logger.getLogger(ServiceTls.class);
  private static final String RENEWALS = "weft.tls.certificate.renewals";

  private final MeshTlsConfig config;
  private final Instance<CertificateSource> ownSource;
  private final MeterRegistry meters;
  private final Clock clock = Clock.systemUTC();
  private @Nullable CertificateKeeper keeper;

  ServiceTls(MeshTlsConfig config, Instance<CertificateSource> ownSource, MeterRegistry meters) {
    this.config = config;
    this.ownSource = ownSource;
    this.meters = meters;
  }

  /** Whether the listener ends mesh TLS. */
  public boolean isEnabled() {
    return config.enabled();
  }

  /**
   * Begins to obtain the leaf and returns at once.
   *
   * @param certified called once, on the keeper's thread, when connections can be accepted
   * @throws IllegalStateException with cause and fix if a setting is missing or the anchors cannot
   *     be read
   */
  public synchronized MeshServerTls start(Runnable certified) {
    if (keeper != null) {
      throw new IllegalStateException("mesh TLS is started already");
    }
    CertificateSource source = ownSource.isResolvable() ? ownSource.get() : client();
    MeshServerTls tls = new MeshServerTls(source.anchors(), clock);
    CertificateKeeper started =
        new CertificateKeeper(
            source, tls::install, new Report(source, certified), clock, new SecureRandom());
    TimeGauge.builder(
            "weft.tls.certificate.expiration.timestamp",
            started,
            TimeUnit.SECONDS,
            k -> k.credentials().map(c -> (double) c.notAfter().getEpochSecond()).orElse(0.0))
        .description("When the service's own leaf expires; 0 before the first")
        .register(meters);
    LOG.infof(
        "mesh TLS: identity=%s library=%s",
        source.identity(), MeshSslContexts.isBoringSsl() ? "BoringSSL" : "JDK");
    keeper = started;
    started.start();
    return tls;
  }

  private CertificateSource client() {
    String identity = require(config.identity(), "identity");
    String address = require(config.identityService(), "identity-service");
    try {
      return new CertifyClient(
          new CertifyClient.Target(address, config.identityServiceName()),
          identity,
          config.tokenFile(),
          TrustAnchors.read(config.trustAnchors()),
          clock);
    } catch (CertificateException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static String require(Optional<String> value, String key) {
    return value.orElseThrow(
        () ->
            new IllegalStateException(
                "mesh TLS cannot start; cause: weft.grpc.tls.%s is not set; fix: set it, or weft.grpc.tls.enabled=false"
                    .formatted(key)));
  }

  /** The leaf in use; empty before the first and without TLS. */
  synchronized Optional<Credentials> credentials() {
    return keeper == null ? Optional.empty() : keeper.credentials();
  }

  /** Why the last attempt failed; empty if it did not. */
  synchronized Optional<String> error() {
    return keeper == null ? Optional.empty() : keeper.error();
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    if (keeper != null) {
      keeper.close();
    }
  }

  private final class Report implements CertificateKeeper.Listener {
    private final CertificateSource source;
    private final Runnable certified;
    private final AtomicBoolean first = new AtomicBoolean(true);
    private final LongAdder renewals = LateCounter.register(meters, RENEWALS, "result", "ok");
    private final LongAdder failures = LateCounter.register(meters, RENEWALS, "result", "error");

    Report(CertificateSource source, Runnable certified) {
      this.source = source;
      this.certified = certified;
    }

    @Override
    public void certified(Credentials credentials, Instant renewal) {
      renewals.increment();
      LOG.infof(
          "certified: identity=%s notAfter=%s renewal=%s",
          source.identity(), credentials.notAfter(), renewal);
      if (first.getAndSet(false)) {
        certified.run();
      }
    }

    @Override
    public void failed(String cause, Duration pause) {
      failures.increment();
      LOG.warnf("not certified: identity=%s pause=%s; cause: %s", source.identity(), pause, cause);
    }
  }
}
