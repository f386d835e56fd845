package dev.weft.proxy;

/** A part of the proxy cannot be started; carries the exit code the contract has for it. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  StartException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
