package dev.weft.identity.issue;

import org.jspecify.annotations.Nullable;

/**
 * A request that gets no certificate. The message goes to the client and to the log: it names the
 * cause and, where there is one, the fix, and never the token.
 */
public final class RefusedException extends Exception {
  private final Reason reason;

  /** Why; a closed list, also the values of a metric label. */
  public enum Reason {
    /** No issuer is loaded yet. */
    NO_ISSUER,
    /** A field is empty, or the request cannot be read. */
    BAD_REQUEST,
    /** The issuer does not verify now. */
    ISSUER_INVALID,
    /** The certificate request breaks a rule. */
    CSR_RULES,
    /** The authority for tokens could not be asked. */
    ATTESTATION_UNAVAILABLE,
    /** The token is malformed, or speaks for nobody who can have an identity. */
    BAD_TOKEN,
    /** The token is not accepted. */
    UNAUTHENTICATED,
    /** The token speaks for somebody else. */
    OTHER_IDENTITY,
    /** The key of the request is not ECDSA, or signing failed. */
    SIGNING
  }

  RefusedException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  RefusedException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The message, never null. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
