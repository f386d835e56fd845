package dev.weft.identity.event;

import java.time.Instant;

/**
 * Something operators and tools watch for.
 *
 * <p>Source: facts/identity.md 9; the reasons are part of the contract.
 */
public sealed interface IdentityEvent {
  /** The event's name in Kubernetes. */
  String reason();

  /** One line for people. */
  String message();

  /** Whether somebody should look. */
  default boolean isWarning() {
    return false;
  }

  /** A new issuer is in service. */
  record IssuerUpdated(String subject, Instant notAfter) implements IdentityEvent {
    @Override
    public String reason() {
      return "IssuerUpdated";
    }

    @Override
    public String message() {
      return "identity issuer in service: subject=%s notAfter=%s".formatted(subject, notAfter);
    }
  }

  /** New issuer files were rejected. */
  record IssuerUpdateSkipped(String cause) implements IdentityEvent {
    @Override
    public String reason() {
      return "IssuerUpdateSkipped";
    }

    @Override
    public String message() {
      return cause;
    }

    @Override
    public boolean isWarning() {
      return true;
    }
  }

  /** The issuer in service does not verify any more. */
  record IssuerValidationFailed(String cause) implements IdentityEvent {
    @Override
    public String reason() {
      return "IssuerValidationFailed";
    }

    @Override
    public String message() {
      return cause;
    }

    @Override
    public boolean isWarning() {
      return true;
    }
  }

  /**
   * A leaf was signed.
   *
   * @param sha256 lower-case hex digest of the leaf in DER
   */
  record IssuedLeafCertificate(String identity, Instant notAfter, String sha256)
      implements IdentityEvent {
    @Override
    public String reason() {
      return "IssuedLeafCertificate";
    }

    @Override
    public String message() {
      return "issued certificate for %s until %s: %s".formatted(identity, notAfter, sha256);
    }
  }
}
