package dev.weft.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A scrape in Prometheus text format: samples with their labels. Reads what proxies print; comments
 * and time stamps are left out.
 *
 * @param samples in the order of the text
 */
record Exposition(List<Sample> samples) {
  Exposition {
    samples = List.copyOf(samples);
  }

  /** One line. */
  record Sample(String name, Map<String, String> labels, double value) {
    Sample {
      labels = Map.copyOf(labels);
    }

    /** The value of a label, empty if absent. */
    String label(String key) {
      return labels.getOrDefault(key, "");
    }
  }

  static Exposition parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        samples.add(sample(line));
      }
    }
    return new Exposition(samples);
  }

  /** All samples of a metric that carry these labels. */
  List<Sample> find(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** Their sum; 0 where there is none. */
  double sum(String name, Map<String, String> labels) {
    return find(name, labels).stream().mapToDouble(Sample::value).sum();
  }

  /**
   * A quantile of a histogram, over all series that carry these labels, interpolated within its
   * bucket as Prometheus does; NaN without observations.
   */
  double quantile(String histogram, Map<String, String> labels, double q) {
    TreeMap<Double, Double> cumulative = new TreeMap<>();
    for (Sample bucket : find(histogram + "_bucket", labels)) {
      String le = bucket.label("le");
      double bound = le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
      cumulative.merge(bound, bucket.value(), Double::sum);
    }
    double total = cumulative.isEmpty() ? 0 : cumulative.lastEntry().getValue();
    if (total == 0) {
      return Double.NaN;
    }
    double rank = q * total;
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
      double count = bucket.getValue();
      if (count >= rank) {
        return Double.isInfinite(bucket.getKey())
            ? lower
            : lower + (bucket.getKey() - lower) * (rank - below) / (count - below);
      }
      lower = bucket.getKey();
      below = count;
    }
    return lower;
  }

  private static Sample sample(String line) {
    int brace = line.indexOf('{');
    int space = line.indexOf(' ');
    if (brace < 0 || (space >= 0 && space < brace)) {
      return new Sample(line.substring(0, space), Map.of(), number(line, space + 1));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    int at = brace + 1;
    while (line.charAt(at) != '}') {
      int equals = line.indexOf('=', at);
      StringBuilder value = new StringBuilder();
      int end = quoted(line, equals + 2, value);
      labels.put(line.substring(at, equals).strip(), value.toString());
      at = line.charAt(end) == ',' ? end + 1 : end;
    }
    return new Sample(line.substring(0, brace), labels, number(line, at + 1));
  }

  /** Reads an escaped value up to its closing quote; returns the position behind that. */
  private static int quoted(String line, int from, StringBuilder into) {
    int at = from;
    while (line.charAt(at) != '"') {
      char c = line.charAt(at);
      if (c == '\\') {
        at++;
        c = line.charAt(at) == 'n' ? '\n' : line.charAt(at);
      }
      into.append(c);
      at++;
    }
    return at + 1;
  }

  private static double number(String line, int from) {
    String text = line.substring(from).strip();
    int space = text.indexOf(' ');
    String value = space < 0 ? text : text.substring(0, space);
    return switch (value) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(value);
    };
  }
}
