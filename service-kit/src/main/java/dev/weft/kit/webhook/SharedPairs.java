package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import dev.weft.pki.PemCertificates;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * A certificate of one's own, shared with the other replicas by a Secret and made known to the API
 * server. Whoever comes first makes it; from then on the leader among the replicas renews it and
 * makes it known. Where none can be chosen every replica does the same steps, and whoever is second
 * finds the step done.
 */
final class SharedPairs implements PairSource {
  private static final Logger LOG = Logger.getLogger(SharedPairs.class);

  /** Steps in one look; a whole life needs no more than three. */
  private static final int MAX_STEPS = 8;

  private final WebhookObjects objects;
  private final Rotation rotation;
  private final Clock clock;
  private final SecureRandom random;
  private final BooleanSupplier writes;

  /**
   * @param writes whether this replica is to write; it may be more than one for a moment
   */
  SharedPairs(
      WebhookObjects objects,
      Rotation rotation,
      Clock clock,
      SecureRandom random,
      BooleanSupplier writes) {
    this.objects = objects;
    this.rotation = rotation;
    this.clock = clock;
    this.random = random;
    this.writes = writes;
  }

  @Override
  public Credentials look() throws IOException, CertificateException {
    for (int step = 0; step < MAX_STEPS; step++) {
      Optional<WebhookObjects.Found> found = objects.read();
      if (found.isEmpty()) {
        ServingState begun = rotation.begin(List.of(), clock.instant(), random);
        LOG.infof("webhook certificate made: notAfter=%s", begun.current().notAfter());
        objects.create(begun);
        continue;
      }
      Optional<ServingState> state = readable(found.get());
      if (state.isEmpty()) {
        continue;
      }
      if (!writes.getAsBoolean()) {
        return state.get().current();
      }
      boolean published = objects.publish(state.get().bundle());
      Optional<ServingState> next =
          rotation.advance(state.get(), published, clock.instant(), random);
      if (next.isEmpty()) {
        return state.get().current();
      }
      if (objects.replace(next.get(), found.get().version())) {
        LOG.infof(
            "webhook certificate rotates: notAfter=%s next=%s trusted=%d",
            next.get().current().notAfter(),
            next.get().next().map(pair -> pair.notAfter().toString()).orElse("none"),
            next.get().trusted().size());
      }
    }
    throw new IOException(
        "the webhook's Secret changes all the time; cause: somebody else writes it; fix: leave it to the service");
  }

  /** What the Secret says; where that is unusable, the Secret is begun anew. */
  private Optional<ServingState> readable(WebhookObjects.Found found) throws IOException {
    try {
      return Optional.of(ServingState.read(found.texts(), found.since()));
    } catch (CertificateException e) {
      LOG.warnf("webhook certificate is made anew; cause: %s", e.getMessage());
      objects.replace(
          rotation.begin(trustedBefore(found), clock.instant(), random), found.version());
      return Optional.empty();
    }
  }

  /** Other replicas may go on for a moment with what was there. */
  private static List<X509Certificate> trustedBefore(WebhookObjects.Found found) {
    for (String key : List.of("ca.crt", ServingState.CERTIFICATE)) {
      try {
        return PemCertificates.parse(found.texts().getOrDefault(key, ""));
      } catch (CertificateException _) {
        // Then perhaps the other one.
      }
    }
    return List.of();
  }
}
