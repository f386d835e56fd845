package dev.weft.redirect;

/** Something cannot be done; the message says what, why, and what to do. */
final class RedirectException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RedirectException(String what, String cause, String fix) {
    super(what + "; cause: " + cause + "; fix: " + fix);
  }
}
