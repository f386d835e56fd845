package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks again and again which certificate to serve. What cannot be used changes nothing and is told
 * once. Works on one thread of its own; the creator owns it and closes it.
 */
final class CertificateLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CertificateLoop.class);

  /** While there is no certificate at all, nobody can be served. */
  private static final Duration FIRST_CHECK = Duration.ofMillis(500);

  private final PairSource source;
  private final ServingKeyManager keys;
  private final Duration check;
  private final Runnable onFirst;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("webhook-certificate").factory());
  private volatile @Nullable String error;

  /**
   * @param onFirst called once, on the loop's thread, when there is a certificate
   */
  CertificateLoop(PairSource source, ServingKeyManager keys, Duration check, Runnable onFirst) {
    this.source = source;
    this.keys = keys;
    this.check = check;
    this.onFirst = onFirst;
  }

  void start() {
    thread.execute(this::turn);
  }

  private void turn() {
    step();
    Duration pause =
        keys.credentials().isEmpty() && FIRST_CHECK.compareTo(check) < 0 ? FIRST_CHECK : check;
    if (!thread.isShutdown()) {
      var _ = thread.schedule(this::turn, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  void step() {
    try {
      Credentials pair = source.look();
      Optional<Credentials> before = keys.credentials();
      if (before.isEmpty() || !before.get().chain().equals(pair.chain())) {
        keys.install(pair);
        LOG.infof(
            "webhook certificate in use: subject=%s notAfter=%s",
            pair.leaf().getSubjectX500Principal(), pair.notAfter());
        if (before.isEmpty()) {
          onFirst.run();
        }
      }
      error = null;
    } catch (IOException | CertificateException | RuntimeException e) {
      String cause = String.valueOf(e.getMessage());
      if (!cause.equals(error)) {
        LOG.warnf(
            "webhook certificate not renewed: kept=%s; cause: %s",
            keys.credentials().map(pair -> pair.notAfter().toString()).orElse("none"), cause);
      }
      error = cause;
    }
  }

  /** Why the last look failed; empty if it did not. */
  Optional<String> error() {
    return Optional.ofNullable(error);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
