package dev.weft.identity.attest;

/** What an {@link Attestor} says of a token. Reasons never contain the token. */
public sealed interface Attestation {
  /**
   * The token is good.
   *
   * @param username for example {@code system:serviceaccount:emojivoto:web}; not yet checked for
   *     its form
   */
  record Authenticated(String username) implements Attestation {}

  /**
   * The authority knows the token and does not accept it: forged, expired, for another audience.
   */
  record Rejected(String reason) implements Attestation {}

  /** This is no token, or the authority could not make sense of it. */
  record Malformed(String reason) implements Attestation {}

  /** The authority could not be asked; the token may be good. */
  record Unavailable(String reason) implements Attestation {}
}
