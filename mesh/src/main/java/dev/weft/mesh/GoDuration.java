package dev.weft.mesh;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations in Go's syntax, as annotations and service profiles write them: {@code 300ms}, {@code
 * 1.5h}, {@code 1m30s}; {@code 0} needs no unit. Source: Go package {@code time}, {@code
 * ParseDuration}.
 */
public final class GoDuration {
  private static final int MAX_CHARS = 64;
  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Reads a duration; empty if the text is none, or too large for 64 bits of nanoseconds. */
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (digits.isEmpty() || digits.length() > MAX_CHARS) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(digits);
    int at = 0;
    while (at < digits.length()) {
      if (!part.find(at) || part.start() != at) {
        return Optional.empty();
      }
      BigDecimal unit = BigDecimal.valueOf(NANOS.get(part.group(2)));
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
      at = part.end();
    }
    BigDecimal whole = nanos.setScale(0, RoundingMode.DOWN);
    if (whole.unscaledValue().bitLength() > 63) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(negative ? -whole.longValue() : whole.longValue()));
  }
}
