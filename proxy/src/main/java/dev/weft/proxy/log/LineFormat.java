package dev.weft.proxy.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One message as one line (a stack trace follows in plain text): {@code [ 0.123456s] INFO
 * identity.Certifier: certified …}, or a JSON object with wall clock, level, target and message.
 */
final class LineFormat extends Formatter {
  private static final String OURS = "dev.weft.proxy.";
  private static final double NANOS_PER_SECOND = 1e9;

  private final boolean json;
  private final long startNanos;

  LineFormat(boolean json, long startNanos) {
    this.json = json;
    this.startNanos = startNanos;
  }

  @Override
  public String format(LogRecord record) {
    return json ? json(record) : plain(record);
  }

  private String plain(LogRecord record) {
    double uptime = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    String line =
        String.format(
            "[%13.6fs] %5s %s: %s%n",
            uptime, level(record.getLevel()), target(record), formatMessage(record));
    return record.getThrown() == null ? line : line + trace(record.getThrown());
  }

  private String json(LogRecord record) {
    StringBuilder out = new StringBuilder(256);
    out.append("{\"timestamp\":\"").append(record.getInstant());
    out.append("\",\"level\":\"").append(level(record.getLevel()));
    out.append("\",\"fields\":{\"message\":");
    Json.quote(out, formatMessage(record));
    if (record.getThrown() != null) {
      out.append(",\"error\":");
      Json.quote(out, trace(record.getThrown()));
    }
    out.append("},\"target\":");
    Json.quote(out, target(record));
    return out.append(",\"spans\":[]}\n").toString();
  }

  private static String trace(Throwable thrown) {
    StringWriter out = new StringWriter();
    thrown.printStackTrace(new PrintWriter(out));
    return out.toString();
  }

  private static String target(LogRecord record) {
    String name = record.getLoggerName();
    if (name == null) {
      return "";
    }
    return name.startsWith(OURS) ? name.substring(OURS.length()) : name;
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    if (value >= Level.INFO.intValue()) {
      return "INFO";
    }
    return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }
}
