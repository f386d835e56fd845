package dev.weft.proxy.identity;

import com.google.protobuf.ByteString;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.proxy.config.IdentityConfig;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this proxy certified: asks at once, installs what is found good, and asks again in time. An
 * answer that is not found good is dropped and the old certificate stays. Runs on the given
 * executor only; reads the token file there, so that executor must not carry traffic.
 *
 * <p>Source: facts/proxy.md 1.3, facts/identity.md section 12.
 */
public final class Certifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Certifier.class);

  private final IdentityConfig config;
  private final KeyMaterial material;
  private final IdentityClient client;
  private final MeshTls tls;
  private final EventExecutor executor;
  private final Clock clock;
  private final Renewal renewal;
  private final Counter refreshed;
  private final Counter failed;
  private final CompletableFuture<Void> first = new CompletableFuture<>();

  /** End of validity of the installed certificate; read by the metrics on any thread. */
  private volatile @Nullable Instant expiry;

  private volatile @Nullable Instant refreshedAt;
  private boolean closed;

  /** A certifier which has not begun. */
  public Certifier(
      IdentityConfig config,
      KeyMaterial material,
      IdentityClient client,
      MeshTls tls,
      EventExecutor executor,
      Clock clock,
      Metrics metrics) {
    this.config = config;
    this.material = material;
    this.client = client;
    this.tls = tls;
    this.executor = executor;
    this.clock = clock;
    this.renewal = new Renewal(config.minRefresh(), config.maxRefresh());
    Family<Counter> refreshes =
        metrics.counter(
            "control_identity_cert_refreshes_total", "Attempts to get this proxy certified.");
    this.refreshed = refreshes.get(metrics.admin(), Labels.of("result", "ok"));
    this.failed = refreshes.get(metrics.admin(), Labels.of("result", "error"));
    metrics.reading(
        "control_identity_cert_expiration_timestamp_seconds",
        "End of validity of the certificate, 0 before the first.",
        Labels.NONE,
        () -> epochSeconds(expiry));
    metrics.reading(
        "control_identity_cert_refresh_timestamp_seconds",
        "When the certificate was last renewed, 0 before the first.",
        Labels.NONE,
        () -> epochSeconds(refreshedAt));
  }

  /** Makes the first attempt now. */
  public void start() {
    executor.execute(this::attempt);
  }

  /** Completes when the first certificate is installed. */
  public CompletableFuture<Void> certified() {
    return first;
  }

  /** Makes no further attempts. */
  @Override
  public void close() {
    executor.execute(() -> closed = true);
  }

  private void attempt() {
    if (closed) {
      return;
    }
    ByteString token;
    try {
      token = ByteString.copyFrom(Files.readAllBytes(config.tokenFile()));
      if (token.isEmpty()) {
        throw new IOException("it is empty");
      }
    } catch (IOException e) {
      failed("token " + config.tokenFile() + " cannot be read; cause: " + e);
      return;
    }
    CertifyRequest request =
        CertifyRequest.newBuilder()
            .setIdentity(config.id().text())
            .setToken(token)
            .setCertificateSigningRequest(ByteString.copyFrom(material.request()))
            .build();
    client.certify(request).whenCompleteAsync(this::answered, executor);
  }

  private void answered(@Nullable CertifyResponse response, @Nullable Throwable problem) {
    if (response == null) {
      Throwable cause =
          problem instanceof CompletionException && problem.getCause() != null
              ? problem.getCause()
              : problem;
      failed("cause: " + (cause == null ? "no answer" : cause.getMessage()));
      return;
    }
    try {
      install(response);
    } catch (CertificateException | IllegalArgumentException e) {
      failed("cause: the answer is refused: " + e.getMessage());
      return;
    }
    next();
  }

  private void install(CertifyResponse response) throws CertificateException {
    Instant until =
        Instant.ofEpochSecond(
            response.getValidUntil().getSeconds(), response.getValidUntil().getNanos());
    Instant now = clock.instant();
    if (!response.hasValidUntil() || !until.isAfter(now)) {
      throw new CertificateException(
          response.hasValidUntil()
              ? "expired at " + until
              : "it does not say until when it is valid");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(parse(factory, response.getLeafCertificate()));
    for (ByteString intermediate : response.getIntermediateCertificatesList()) {
      chain.add(parse(factory, intermediate));
    }
    Credentials credentials = new Credentials(config.id(), material.key(), chain);
    tls.verify(credentials);
    tls.install(credentials);
    expiry = until;
    refreshedAt = now;
    LOG.info("certified identity={} validUntil={}", config.id(), until);
    refreshed.increment();
    // Last: who waits for this may look at everything above.
    first.complete(null);
  }

  private static X509Certificate parse(CertificateFactory factory, ByteString der)
      throws CertificateException {
    return (X509Certificate)
        factory.generateCertificate(new ByteArrayInputStream(der.toByteArray()));
  }

  private void failed(String reason) {
    failed.increment();
    Instant until = expiry;
    LOG.error(
        "not certified identity={} service={} current={}; {}",
        config.id(),
        config.service().authority(),
        until == null ? "none" : until,
        reason);
    next();
  }

  private void next() {
    if (closed) {
      return;
    }
    Duration pause = renewal.pause(expiry, clock.instant());
    executor.schedule(this::attempt, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static double epochSeconds(@Nullable Instant instant) {
    return instant == null ? 0 : instant.getEpochSecond();
  }
}
