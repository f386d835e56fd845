package dev.weft.kit.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a service certified: a first leaf as soon as the source gives one, a new key and leaf at 70
 * % of the remaining life, and while the source fails the old leaf and another attempt after a
 * growing pause. What the source gives is verified before it is used.
 *
 * <p>Everything happens on one thread of its own; the readers may be called by any. The creator
 * owns it and closes it.
 */
final class CertificateKeeper implements AutoCloseable {
  /** Part of the remaining life after which a leaf is renewed. */
  static final double RENEW_AT = 0.7;

  /** Bounds of the wait for a renewal. */
  static final Duration MIN_RENEWAL = Duration.ofSeconds(1);

  static final Duration MAX_RENEWAL = Duration.ofHours(24);

  /** Bounds of the pause after a failure; it doubles from one to the other. */
  static final Duration MIN_PAUSE = Duration.ofMillis(200);

  static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  /** By how much a pause is spread, so that replicas do not come together. */
  private static final double JITTER = 0.1;

  private final CertificateSource source;
  private final Consumer<Credentials> installer;
  private final Listener listener;
  private final Clock clock;
  private final RandomGenerator random;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificate-keeper").factory());
  private volatile State state = new State(null, null);
  private int failures;

  /** Told of every attempt, on the keeper's thread. */
  interface Listener {
    /** A leaf is installed; {@code renewal} says when the next is asked for. */
    void certified(Credentials credentials, Instant renewal);

    /** An attempt failed; the leaf of before, if any, stays. */
    void failed(String cause, Duration pause);
  }

  private record State(@Nullable Credentials credentials, @Nullable String error) {}

  /**
   * @param installer takes every verified leaf
   */
  CertificateKeeper(
      CertificateSource source,
      Consumer<Credentials> installer,
      Listener listener,
      Clock clock,
      RandomGenerator random) {
    this.source = source;
    this.installer = installer;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
  }

  /** Begins; returns at once. */
  void start() {
    schedule(Duration.ZERO);
  }

  /** The leaf in use; empty before the first. */
  Optional<Credentials> credentials() {
    return Optional.ofNullable(state.credentials());
  }

  /** Why the last attempt failed; empty if it did not. */
  Optional<String> error() {
    return Optional.ofNullable(state.error());
  }

  private void schedule(Duration delay) {
    try {
      var _ = thread.schedule(() -> schedule(attempt()), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // Closed meanwhile.
    }
  }

  /** Asks once and says how long to wait until the next time. */
  Duration attempt() {
    try {
      Credentials credentials = obtain();
      installer.accept(credentials);
      failures = 0;
      state = new State(credentials, null);
      Duration wait = untilRenewal(credentials);
      listener.certified(credentials, clock.instant().plus(wait));
      return wait;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      String cause = e.getMessage() == null ? e.toString() : e.getMessage();
      state = new State(state.credentials(), cause);
      Duration pause = pause(failures++);
      listener.failed(cause, pause);
      return pause;
    }
  }

  private Credentials obtain() throws IOException, GeneralSecurityException {
    String identity = source.identity();
    KeyRequest request = KeyRequest.generate(identity);
    List<X509Certificate> chain = source.certify(request.csr());
    source.anchors().verify(chain, clock.instant());
    Credentials credentials = new Credentials(request.keys().getPrivate(), chain);
    if (!credentials.leaf().getPublicKey().equals(request.keys().getPublic())) {
      throw new CertificateException("the certificate is for another key");
    }
    if (!Credentials.names(credentials.leaf(), identity)) {
      throw new CertificateException("the certificate does not name '%s'".formatted(identity));
    }
    return credentials;
  }

  private Duration untilRenewal(Credentials credentials) {
    long remaining = Duration.between(clock.instant(), credentials.notAfter()).toMillis();
    Duration wait = Duration.ofMillis((long) (remaining * RENEW_AT));
    return wait.compareTo(MIN_RENEWAL) < 0
        ? MIN_RENEWAL
        : wait.compareTo(MAX_RENEWAL) > 0 ? MAX_RENEWAL : wait;
  }

  private Duration pause(int earlierFailures) {
    long millis = MIN_PAUSE.toMillis() << Math.min(earlierFailures, 16);
    long bounded = Math.min(millis, MAX_PAUSE.toMillis());
    return Duration.ofMillis((long) (bounded * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
