package dev.weft.proxy.http.http1;

/**
 * What the peer sent cannot be read as HTTP/1. Carries no stack trace: it says something about the
 * peer, not about this code, and peers can cause any number of them.
 */
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A refusal.
   *
   * @param status what a server answers
   * @param cause what was wrong, without content of the message
   */
  BadMessage(int status, String cause) {
    super(cause, null, false, false);
    this.status = status;
  }

  static BadMessage badRequest(String cause) {
    return new BadMessage(400, cause);
  }

  int status() {
    return status;
  }

  String cause() {
    return String.valueOf(getMessage());
  }
}
