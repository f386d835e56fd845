package dev.weft.identity;

import dev.weft.identity.attest.Attestor;
import dev.weft.identity.attest.JwksAttestor;
import dev.weft.identity.issue.Issuer;
import dev.weft.identity.issue.IssuerKeeper;
import dev.weft.identity.issue.IssuerRejectedException;
import dev.weft.identity.issue.Leaf;
import dev.weft.identity.issue.RefusedException;
import dev.weft.kit.metrics.LateCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Says what happened, once, in log, metrics and events. {@code issuer_cert_ttl_seconds} is of the
 * contract (facts/identity.md 10); {@code weft_identity_*} are ours. Thread-safe.
 */
@Singleton
final class IdentityReport implements IssuerKeeper.Listener, JwksAttestor.RefreshListener {
  private static final Logger LOG = Logger.getLogger("dev.weft.identity");

  private final IdentityEvents events;
  private final MeterRegistry meters;
  private final LongAdder reloads;
  private final LongAdder failedReloads;
  private final LongAdder refreshes;
  private final LongAdder failedRefreshes;
  private final Map<RefusedException.Reason, LongAdder> refusals =
      new EnumMap<>(RefusedException.Reason.class);
  private final AtomicReference<Optional<Instant>> issuerNotAfter =
      new AtomicReference<>(Optional.empty());

  IdentityReport(IdentityEvents events, MeterRegistry meters, Clock clock) {
    this.events = events;
    this.meters = meters;
    Gauge.builder(
            "issuer.cert.ttl",
            issuerNotAfter,
            notAfter ->
                notAfter
                    .get()
                    .map(end -> Duration.between(clock.instant(), end).toMillis() / 1_000.0)
                    .orElse(0.0))
        .description("Seconds until the issuer certificate expires; negative afterwards")
        .baseUnit("seconds")
        .strongReference(true)
        .register(meters);
    reloads = LateCounter.register(meters, "weft.identity.issuer.reloads", "result", "ok");
    failedReloads = LateCounter.register(meters, "weft.identity.issuer.reloads", "result", "error");
    refreshes = LateCounter.register(meters, "weft.identity.jwks.refreshes", "result", "ok");
    failedRefreshes =
        LateCounter.register(meters, "weft.identity.jwks.refreshes", "result", "error");
    for (RefusedException.Reason reason : RefusedException.Reason.values()) {
      refusals.put(
          reason, LateCounter.register(meters, "weft.identity.refusals", "reason", label(reason)));
    }
  }

  @Override
  public void issuerLoaded(Issuer issuer) {
    Instant notAfter = issuer.notAfter();
    issuerNotAfter.set(Optional.of(notAfter));
    reloads.increment();
    LOG.infof(
        "identity issuer in service: subject=%s notAfter=%s certificates=%d",
        subject(issuer), notAfter, issuer.chain().size());
  }

  /** Says by {@code weft_identity_attestor_answering} (0 or 1) whether tokens are judged. */
  void watch(Attestor attestor) {
    Gauge.builder("weft.identity.attestor.answering", attestor, a -> a.health().answering() ? 1 : 0)
        .description("Whether the authority on tokens answered when it was last asked")
        .register(meters);
  }

  @Override
  public void issuerUpdated(Issuer issuer) {
    issuerLoaded(issuer);
    events.issuerUpdated(subject(issuer), issuer.notAfter());
  }

  private static String subject(Issuer issuer) {
    return issuer.certificate().getSubjectX500Principal().getName();
  }

  @Override
  public void issuerRejected(IssuerRejectedException reason, Optional<Issuer> kept) {
    failedReloads.increment();
    String cause = String.valueOf(reason.getMessage());
    LOG.errorf(
        "%s; %s",
        cause,
        kept.map(issuer -> "kept: the issuer until " + issuer.notAfter())
            .orElse("no certificate is issued until this is mended"));
    events.issuerUpdateSkipped(cause);
  }

  @Override
  public void keysRead(int keys) {
    refreshes.increment();
  }

  @Override
  public void keysNotRead(String location, String cause, int kept) {
    failedRefreshes.increment();
    LOG.warnf(
        "token keys not refreshed: location=%s kept=%d; cause: %s; fix: make the key set readable there",
        location, kept, cause);
  }

  void issued(Leaf leaf) {
    String digest = sha256(leaf);
    LOG.infof(
        "certificate issued: identity=%s notAfter=%s sha256=%s",
        leaf.identity(), leaf.notAfter(), digest);
    events.leafIssued(leaf.identity(), leaf.notAfter(), digest);
  }

  void refused(RefusedException refusal) {
    LongAdder counter = refusals.get(refusal.reason());
    if (counter != null) {
      counter.increment();
    }
    switch (refusal.reason()) {
      case ISSUER_INVALID -> {
        LOG.error(refusal.text());
        events.issuerValidationFailed(refusal.text());
      }
      case NO_ISSUER, ATTESTATION_UNAVAILABLE, SIGNING -> LOG.warn(refusal.text());
      case BAD_REQUEST, CSR_RULES, BAD_TOKEN, UNAUTHENTICATED, OTHER_IDENTITY ->
          LOG.info(refusal.text());
    }
  }

  private static String label(RefusedException.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private static String sha256(Leaf leaf) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.certificate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
