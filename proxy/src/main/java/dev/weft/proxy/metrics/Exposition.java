package dev.weft.proxy.metrics;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes families and readings in one of the text formats. Used by one thread. */
final class Exposition {
  private static final String TOTAL = "_total";

  private final StringBuilder out = new StringBuilder(16 * 1024);
  private final MetricsFormat format;

  Exposition(MetricsFormat format) {
    this.format = format;
  }

  <C extends Cell> void family(Family<C> family) {
    Family.Descriptor d = family.descriptor();
    boolean first = true;
    for (Map.Entry<Labels, List<C>> series : family.visible()) {
      if (first) {
        header(d.name(), d.help(), d.type());
        first = false;
      }
      switch (d.type()) {
        case HISTOGRAM -> histogram(d, series.getKey(), series.getValue());
        case LATEST -> {
          long latest = 0;
          for (C cell : series.getValue()) {
            latest = Math.max(latest, cell.stamp());
          }
          value(d.name(), series.getKey(), latest / d.rawPerUnit());
        }
        case COUNTER, GAUGE -> {
          long sum = 0;
          for (C cell : series.getValue()) {
            sum += cell.stamp();
          }
          sample(d.name(), "", series.getKey(), null);
          out.append(sum).append('\n');
        }
      }
    }
  }

  private void histogram(Family.Descriptor d, Labels labels, List<? extends Cell> cells) {
    long[] bounds = d.bounds();
    long[] totals = new long[bounds.length + 2];
    for (Cell cell : cells) {
      if (cell instanceof Histogram h) {
        h.addTo(totals);
      }
    }
    long count = 0;
    for (int i = 0; i < bounds.length; i++) {
      count += totals[i];
      sample(d.name(), "_bucket", labels, plain(bounds[i] / d.rawPerUnit()));
      out.append(count).append('\n');
    }
    count += totals[bounds.length];
    sample(d.name(), "_bucket", labels, "+Inf");
    out.append(count).append('\n');
    sample(d.name(), "_count", labels, null);
    out.append(count).append('\n');
    sample(d.name(), "_sum", labels, null);
    number(totals[bounds.length + 1] / d.rawPerUnit());
  }

  void header(String name, String help, Family.Type type) {
    switch (format) {
      case PROMETHEUS -> {
        line("# HELP ", name, escaped(help, false));
        line("# TYPE ", name, text(type));
      }
      case OPEN_METRICS -> {
        boolean total = name.endsWith(TOTAL);
        String family =
            total && type == Family.Type.COUNTER
                ? name.substring(0, name.length() - TOTAL.length())
                : name;
        // A counter there must end in _total; a contract's name that does not is of unknown type.
        line("# TYPE ", family, type == Family.Type.COUNTER && !total ? "unknown" : text(type));
        for (String unit : List.of("seconds", "bytes")) {
          if (family.endsWith("_" + unit)) {
            line("# UNIT ", family, unit);
          }
        }
        line("# HELP ", family, escaped(help, true));
      }
    }
  }

  private void line(String keyword, String name, String rest) {
    out.append(keyword).append(name).append(' ').append(rest).append('\n');
  }

  private static String text(Family.Type type) {
    return switch (type) {
      case COUNTER -> "counter";
      case GAUGE, LATEST -> "gauge";
      case HISTOGRAM -> "histogram";
    };
  }

  private static String escaped(String help, boolean quotes) {
    String text = help.replace("\\", "\\\\").replace("\n", "\\n");
    return quotes ? text.replace("\"", "\\\"") : text;
  }

  void value(String name, Labels labels, double value) {
    sample(name, "", labels, null);
    number(value);
  }

  private void sample(String name, String suffix, Labels labels, @Nullable String bound) {
    out.append(name).append(suffix);
    String text = labels.toString();
    if (!text.isEmpty() || bound != null) {
      out.append('{').append(text);
      if (bound != null) {
        if (!text.isEmpty()) {
          out.append(',');
        }
        out.append("le=\"").append(bound).append('"');
      }
      out.append('}');
    }
    out.append(' ');
  }

  private void number(double value) {
    out.append(plain(value)).append('\n');
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** All that was written, with the mark of its end. */
  String end() {
    return out.append("# EOF\n").toString();
  }
}
