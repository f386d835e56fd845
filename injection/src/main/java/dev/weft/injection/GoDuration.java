package dev.weft.injection;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as Go writes them: {@code 1h30m}, {@code 1.5s}, {@code 100ms}, {@code 0}. */
final class GoDuration {
  private static final Pattern WHOLE =
      Pattern.compile("\\+?([0-9]{1,12}(\\.[0-9]{0,12})?(ns|us|µs|μs|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9.]+)(ns|us|µs|μs|ms|s|m|h)");
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

  /** The duration; empty where the text is none, is negative, or is longer than 292 years. */
  static Optional<Duration> parse(String text) {
    if (text.equals("0") || text.equals("+0")) {
      return Optional.of(Duration.ZERO);
    }
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      nanos =
          nanos.add(
              new BigDecimal(parts.group(1)).multiply(new BigDecimal(NANOS.get(parts.group(2)))));
    }
    try {
      return Optional.of(Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact()));
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }
}
