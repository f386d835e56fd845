package dev.weft.proxy.tcp;

import io.netty.channel.unix.Errors;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The symbolic errno behind a failed socket operation, for metrics and decisions. */
public final class Errno {
  /** Linux numbers of what sockets answer. */
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(2, "ENOENT"),
          Map.entry(4, "EINTR"),
          Map.entry(9, "EBADF"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(23, "ENFILE"),
          Map.entry(24, "EMFILE"),
          Map.entry(32, "EPIPE"),
          Map.entry(92, "ENOPROTOOPT"),
          Map.entry(95, "EOPNOTSUPP"),
          Map.entry(98, "EADDRINUSE"),
          Map.entry(99, "EADDRNOTAVAIL"),
          Map.entry(101, "ENETUNREACH"),
          Map.entry(103, "ECONNABORTED"),
          Map.entry(104, "ECONNRESET"),
          Map.entry(105, "ENOBUFS"),
          Map.entry(107, "ENOTCONN"),
          Map.entry(110, "ETIMEDOUT"),
          Map.entry(111, "ECONNREFUSED"),
          Map.entry(113, "EHOSTUNREACH"));

  private static final Map<String, String> WORDS =
      Map.of(
          "connection reset", "ECONNRESET",
          "broken pipe", "EPIPE",
          "connection refused", "ECONNREFUSED",
          "timed out", "ETIMEDOUT",
          "no such file", "ENOENT",
          "protocol not available", "ENOPROTOOPT",
          "operation not supported", "EOPNOTSUPP");

  private Errno() {}

  /** The name, for example {@code ECONNRESET}; empty if no errno is behind the failure. */
  public static String of(@Nullable Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof Errors.NativeIoException io) {
        int number = Math.abs(io.expectedErr());
        return NAMES.getOrDefault(number, "E" + number);
      }
      String byText = byText(at.getMessage());
      if (!byText.isEmpty()) {
        return byText;
      }
    }
    return "";
  }

  /** Some failures carry the errno as the C library's words only. */
  private static String byText(@Nullable String message) {
    if (message != null) {
      String text = message.toLowerCase(Locale.ROOT);
      for (Map.Entry<String, String> words : WORDS.entrySet()) {
        if (text.contains(words.getKey())) {
          return words.getValue();
        }
      }
    }
    return "";
  }
}
