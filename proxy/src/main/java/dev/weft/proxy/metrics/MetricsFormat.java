package dev.weft.proxy.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The two text formats of metrics.
 *
 * <p>Names, labels and bucket bounds are spelled the same in both, so that a series does not change
 * when whoever scrapes learns the other one. Sources: Prometheus exposition formats 0.0.4;
 * OpenMetrics 1.0.
 */
public enum MetricsFormat {
  /** What everything reads; the contract's. */
  PROMETHEUS("text/plain"),
  /** Asked for by Prometheus; knows units. */
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";

  private final String contentType;

  MetricsFormat(String contentType) {
    this.contentType = contentType;
  }

  /** The value of {@code content-type}. */
  public String contentType() {
    return contentType;
  }

  /**
   * The format for a client: OpenMetrics where it is named with at least the weight of plain text.
   *
   * @param accept the field of that name, null if there is none
   */
  public static MetricsFormat accepted(@Nullable String accept) {
    if (accept == null) {
      return PROMETHEUS;
    }
    double open = 0;
    double plain = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String type = range.split(";", 2)[0].strip();
      if (type.equals(OPEN_METRICS_TYPE)) {
        open = Math.max(open, weight(range));
      } else if (type.equals("text/plain")) {
        plain = Math.max(plain, weight(range));
      }
    }
    return open > 0 && open >= plain ? OPEN_METRICS : PROMETHEUS;
  }

  /** The weight of a media range; 1 unless it says otherwise, 0 if what it says is no number. */
  private static double weight(String range) {
    for (String parameter : range.split(";", -1)) {
      String text = parameter.strip();
      if (text.startsWith("q=")) {
        try {
          return Double.parseDouble(text.substring(2));
        } catch (NumberFormatException _) {
          return 0;
        }
      }
    }
    return 1;
  }
}
