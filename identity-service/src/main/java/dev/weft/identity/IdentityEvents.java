package dev.weft.identity;

import dev.weft.kit.events.ClusterEvent;
import dev.weft.kit.events.EventPublisher;
import dev.weft.kit.events.EventSubject;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.ServiceAccountRef;
import jakarta.inject.Singleton;
import java.time.Instant;

/**
 * Words the events of this service. Thread-safe.
 *
 * <p>Source: facts/identity.md 9; the reasons are part of the contract.
 */
@Singleton
final class IdentityEvents {
  /** Who tells, and the deployment that issuers belong to. */
  static final String COMPONENT = "linkerd-identity";

  private final EventPublisher publisher;
  private final IdentityNames names;

  IdentityEvents(EventPublisher publisher, IdentityNames names) {
    this.publisher = publisher;
    this.names = names;
  }

  /** An issuer came into service in place of what was there before. */
  void issuerUpdated(String subject, Instant notAfter) {
    publisher.publish(
        ClusterEvent.normal(
            deployment(),
            "IssuerUpdated",
            "identity issuer in service: subject=%s notAfter=%s".formatted(subject, notAfter)));
  }

  /** New issuer files were rejected. */
  void issuerUpdateSkipped(String cause) {
    publisher.publish(ClusterEvent.warning(deployment(), "IssuerUpdateSkipped", cause));
  }

  /** The issuer in service does not verify any more. */
  void issuerValidationFailed(String cause) {
    publisher.publish(ClusterEvent.warning(deployment(), "IssuerValidationFailed", cause));
  }

  /**
   * A leaf was signed.
   *
   * @param sha256 lower-case hex digest of the leaf in DER
   */
  void leafIssued(String identity, Instant notAfter, String sha256) {
    publisher.publish(
        ClusterEvent.normal(
            accountOf(identity),
            "IssuedLeafCertificate",
            "issued certificate for %s until %s: %s".formatted(identity, notAfter, sha256)));
  }

  private EventSubject deployment() {
    return EventSubject.deployment(names.controlPlaneNamespace(), COMPONENT);
  }

  private EventSubject accountOf(String identity) {
    ServiceAccountRef account =
        names
            .serviceAccountOf(identity)
            .orElseGet(
                () ->
                    new ServiceAccountRef(
                        names.controlPlaneNamespace(), IdentityNames.IDENTITY_SERVICE_ACCOUNT));
    return EventSubject.serviceAccount(account.namespace(), account.name());
  }
}
