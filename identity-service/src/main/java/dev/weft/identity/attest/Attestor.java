package dev.weft.identity.attest;

/**
 * Who a token speaks for. Thread-safe; may block, and is called on a virtual thread.
 *
 * <p>The seam between issuance and the place which knows about tokens: a Kubernetes API server
 * (token review) or a key set ({@link JwksAttestor}).
 */
public interface Attestor {
  /** Judges a token. Never throws for a bad token or an unreachable authority. */
  Attestation attest(byte[] token);

  /** For readiness; may block. */
  Health health();

  /**
   * Whether tokens can be judged now.
   *
   * @param able whether it makes sense to send tokens
   * @param answering whether the authority answered when it was last asked
   * @param detail one line without secrets
   */
  record Health(boolean able, boolean answering, String detail) {}
}
