package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.http.HeaderBlock;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an answer that an endpoint is in trouble, and for how long it wants to be left alone.
 *
 * <p>Source: facts/proxy.md 3.8; RFC 9110, section 10.2.3, in seconds only.
 */
final class Overload {
  private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
  private static final AsciiString PUSHBACK = AsciiString.cached("grpc-retry-pushback-ms");
  private static final int MAX_DIGITS = 9;

  private Overload() {}

  /** Whether an answer with this HTTP status, and gRPC status in its head, is a failure. */
  static boolean failed(int status, @Nullable String grpcStatus) {
    if (status == 429 || status >= 500) {
      return true;
    }
    return grpcStatus != null
        && switch (grpcStatus) {
          case "2", "4", "8", "13", "14", "15" -> true;
          default -> false;
        };
  }

  /** The response time that such an answer counts as. */
  static long nanos(
      LoadParams.Penalty penalty, HeaderBlock headers, int status, @Nullable String grpcStatus) {
    long base = penalty.least().toNanos();
    boolean hints =
        status == 429 || status == 503 || "8".equals(grpcStatus) || "14".equals(grpcStatus);
    if (!hints) {
      return base;
    }
    long asked =
        Math.max(
            TimeUnit.SECONDS.toNanos(number(headers.get(RETRY_AFTER))),
            TimeUnit.MILLISECONDS.toNanos(number(headers.get(PUSHBACK))));
    return Math.max(base, Math.min(asked, penalty.maxHint().toNanos()));
  }

  private static long number(@Nullable AsciiString text) {
    if (text == null || text.isEmpty() || text.length() > MAX_DIGITS) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
