package dev.weft.redirect;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Lines for people or for machines, on standard error. A logging framework would take longer to
 * start than these programs run.
 *
 * @param out where lines go
 * @param clock the time they bear
 * @param threshold what is written
 * @param json whether as JSON
 */
record Log(PrintStream out, Clock clock, Level threshold, boolean json) {
  /** How much a line matters. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /**
   * Reads the two flags of the contract.
   *
   * @param level {@code error}, {@code warn}, {@code info}, {@code debug} or {@code trace}
   * @param format {@code plain} or {@code json}
   */
  static Log of(String level, String format) {
    Level threshold =
        switch (level.toLowerCase(Locale.ROOT)) {
          case "error", "fatal", "panic" -> Level.ERROR;
          case "warn", "warning" -> Level.WARN;
          case "info" -> Level.INFO;
          case "debug", "trace" -> Level.DEBUG;
          default ->
              throw new RedirectException(
                  "log level '" + level + "' refused",
                  "there is no such level",
                  "error, warn, info or debug");
        };
    if (!format.equals("plain") && !format.equals("json")) {
      throw new RedirectException(
          "log format '" + format + "' refused", "there is no such format", "plain or json");
    }
    return new Log(System.err, Clock.systemUTC(), threshold, format.equals("json"));
  }

  void error(String message) {
    write(Level.ERROR, message);
  }

  void warn(String message) {
    write(Level.WARN, message);
  }

  void info(String message) {
    write(Level.INFO, message);
  }

  void debug(String message) {
    write(Level.DEBUG, message);
  }

  private void write(Level level, String message) {
    if (level.compareTo(threshold) > 0) {
      return;
    }
    String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String name = level.name().toLowerCase(Locale.ROOT);
    out.println(
        json
            ? "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":%s}".formatted(time, name, quoted(message))
            : "time=\"%s\" level=%s msg=%s".formatted(time, name, quoted(message)));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
