package dev.weft.resources.kubernetes;

import java.time.Duration;

/** The API server refused a request. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The longest wish to be left alone that is heeded. */
  static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(1);

  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int GONE = 410;

  private final int code;
  private final Duration retryAfter;

  /**
   * @param code the HTTP status
   * @param message what was asked and what was answered
   */
  ApiException(int code, String message) {
    this(code, message, Duration.ZERO);
  }

  /**
   * @param retryAfter how long the server wants to be left alone; capped
   */
  ApiException(int code, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter.compareTo(MAX_RETRY_AFTER) < 0 ? retryAfter : MAX_RETRY_AFTER;
  }

  Duration retryAfter() {
    return retryAfter;
  }

  int code() {
    return code;
  }
}
