package dev.weft.resources.kubernetes;

/** The API server refused a request. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  static final int NOT_FOUND = 404;
  static final int GONE = 410;

  private final int code;

  /**
   * @param code the HTTP status
   * @param message what was asked and what was answered
   */
  ApiException(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
