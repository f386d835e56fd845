package dev.weft.redirect;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the contract writes them: {@code 250ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code
 * 1d}.
 */
final class Durations {
  private static final Pattern GRAMMAR = Pattern.compile("(?<count>\\d{1,9})(?<unit>ms|s|m|h|d)");

  private Durations() {}

  static Duration parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text.strip());
    if (!matcher.matches()) {
      throw Flags.refused(
          "duration '" + text + "'", "not a number with ms, s, m, h or d", "10s, for example");
    }
    long count = Long.parseLong(matcher.group("count"));
    return switch (matcher.group("unit")) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
