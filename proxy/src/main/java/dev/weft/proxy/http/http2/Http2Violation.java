package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;

/**
 * The peer broke the protocol so that the connection must end (RFC 9113, section 5.4.1). Without a
 * stack trace: the wire, not the code, is at fault, and an attacker chooses how often.
 */
final class Http2Violation extends Exception {
  private final ErrorCode code;

  /**
   * A violation.
   *
   * @param cause what was wrong, in words that hold nothing of the message's content
   */
  Http2Violation(ErrorCode code, String cause) {
    super(cause, null, false, false);
    this.code = code;
  }

  /** The code for GOAWAY. */
  ErrorCode code() {
    return code;
  }

  /** What was wrong. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
