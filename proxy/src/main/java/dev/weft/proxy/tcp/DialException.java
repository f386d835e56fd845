package dev.weft.proxy.tcp;

import dev.weft.proxy.control.Endpoint;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that could not be opened. Carries no stack trace: it is an answer, not a bug. */
public final class DialException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Kind {
    /** No answer in time. */
    TIMEOUT,
    /** The address is one the proxy must not dial. */
    FORBIDDEN,
    /** The network or the peer refused. */
    IO
  }

  private final Kind kind;

  private DialException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static DialException timeout(Duration after) {
    return new DialException(Kind.TIMEOUT, "connect timed out after " + text(after), null);
  }

  static DialException forbidden(InetSocketAddress address, String cause) {
    return new DialException(
        Kind.FORBIDDEN,
        "connection to " + Endpoint.text(address) + " refused; cause: " + cause,
        null);
  }

  /** A target that policy forbids to dial on behalf of a client that has not spoken. */
  public static DialException notAllowed() {
    return new DialException(Kind.FORBIDDEN, "not allowed by the policy of the port", null);
  }

  static DialException io(InetSocketAddress address, Throwable cause) {
    String errno = Errno.of(cause);
    return new DialException(
        Kind.IO,
        "connection to "
            + Endpoint.text(address)
            + " failed; cause: "
            + (errno.isEmpty() ? cause.toString() : errno),
        cause);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
