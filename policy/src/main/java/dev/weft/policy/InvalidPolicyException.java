package dev.weft.policy;

/**
 * A policy that cannot be compiled: a regular expression out of bounds, an impossible network, an
 * empty list where the contract wants one. The message says what was wrong with which value, why,
 * and what to write instead. Whoever compiles decides what to do; the engine never guesses.
 */
public final class InvalidPolicyException extends IllegalArgumentException {
  public InvalidPolicyException(String message) {
    super(message);
  }

  public InvalidPolicyException(String message, Throwable cause) {
    super(message, cause);
  }
}
