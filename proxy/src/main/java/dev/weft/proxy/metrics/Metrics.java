package dev.weft.proxy.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry: families in the order they were declared, printed in Prometheus text format.
 *
 * <p>Declare families at start. A family is written through cells: {@code Counter c =
 * family.get(shard, labels)}. Thread-safe.
 */
public final class Metrics {
  /** Most series of one family; further labels share an overflow series. */
  public static final int MAX_SERIES_PER_FAMILY = 10_000;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final int shards;
  private final List<Shard> shardList = new ArrayList<>();
  private final List<Family<?>> families = new CopyOnWriteArrayList<>();
  private final List<Reading> readings = new CopyOnWriteArrayList<>();

  private record Reading(
      String name, String help, Family.Type type, Labels labels, DoubleSupplier value) {}

  /**
   * A registry for {@code loops} event loops and one admin thread.
   *
   * @param loops at least 1
   */
  public Metrics(int loops) {
    shards = loops + 1;
    for (int i = 0; i < shards; i++) {
      shardList.add(new Shard(i));
    }
  }

  /** The shard of an event loop, numbered from 0. */
  public Shard loop(int index) {
    if (index >= shards - 1) {
      throw new IndexOutOfBoundsException("loop " + index + " of " + (shards - 1));
    }
    return shardList.get(index);
  }

  /** The shard of the admin thread. */
  public Shard admin() {
    return shardList.getLast();
  }

  /** Declares a counter; {@code name} is the whole name, with {@code _total}. */
  public Family<Counter> counter(String name, String help) {
    return add(name, help, Family.Type.COUNTER, new long[0], 1);
  }

  /** Declares a gauge. */
  public Family<Gauge> gauge(String name, String help) {
    return add(name, help, Family.Type.GAUGE, new long[0], 1);
  }

  /** Declares a histogram of durations recorded in nanoseconds and shown in milliseconds. */
  public Family<Histogram> millis(String name, String help, double... boundsMillis) {
    return histogram(name, help, NANOS_PER_MILLI, boundsMillis);
  }

  /** Declares a histogram of durations recorded in nanoseconds and shown in seconds. */
  public Family<Histogram> seconds(String name, String help, double... boundsSeconds) {
    return histogram(name, help, NANOS_PER_SECOND, boundsSeconds);
  }

  /** Declares a histogram of sizes in bytes. */
  public Family<Histogram> bytes(String name, String help, double... boundsBytes) {
    return histogram(name, help, 1, boundsBytes);
  }

  /** Declares a gauge that is computed when read; {@code value} may run on any thread. */
  public void reading(String name, String help, Labels labels, DoubleSupplier value) {
    readings.add(new Reading(name, help, Family.Type.GAUGE, labels, value));
  }

  /** Declares a counter that is computed when read; {@code value} may run on any thread. */
  public void countReading(String name, String help, Labels labels, DoubleSupplier value) {
    readings.add(new Reading(name, help, Family.Type.COUNTER, labels, value));
  }

  /** Hides series which nobody wrote for {@code idleNanos}. Call it now and then. */
  public void sweep(long nowNanos, long idleNanos) {
    for (Family<?> family : families) {
      family.sweep(nowNanos, idleNanos);
    }
  }

  /** Everything in Prometheus text format. */
  public String print() {
    StringBuilder out = new StringBuilder(16 * 1024);
    for (Family<?> family : families) {
      print(out, family);
    }
    String last = "";
    for (Reading reading : readings) {
      if (!reading.name().equals(last)) {
        header(out, reading.name(), reading.help(), reading.type());
        last = reading.name();
      }
      sample(out, reading.name(), "", reading.labels(), null);
      number(out, reading.value().getAsDouble());
    }
    return out.append("# EOF\n").toString();
  }

  private Family<Histogram> histogram(
      String name, String help, double rawPerUnit, double... bounds) {
    long[] raw = new long[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      raw[i] = Math.round(bounds[i] * rawPerUnit);
    }
    return add(name, help, Family.Type.HISTOGRAM, raw, rawPerUnit);
  }

  @SuppressWarnings("unchecked")
  private <C extends Cell> Family<C> add(
      String name, String help, Family.Type type, long[] bounds, double rawPerUnit) {
    for (Family<?> family : families) {
      if (family.descriptor().name().equals(name)) {
        if (family.descriptor().type() != type) {
          throw new IllegalStateException("metric " + name + " is declared twice with two types");
        }
        return (Family<C>) family;
      }
    }
    var descriptor = new Family.Descriptor(name, help, type, bounds, rawPerUnit);
    Family<C> family =
        new Family<>(
            descriptor,
            () ->
                (C)
                    switch (type) {
                      case COUNTER -> new Counter();
                      case GAUGE -> new Gauge();
                      case HISTOGRAM -> new Histogram(bounds);
                    },
            shards,
            MAX_SERIES_PER_FAMILY);
    families.add(family);
    return family;
  }

  private static <C extends Cell> void print(StringBuilder out, Family<C> family) {
    Family.Descriptor d = family.descriptor();
    boolean first = true;
    for (Map.Entry<Labels, List<C>> series : family.visible()) {
      if (first) {
        header(out, d.name(), d.help(), d.type());
        first = false;
      }
      if (d.type() == Family.Type.HISTOGRAM) {
        histogram(out, d, series.getKey(), series.getValue());
      } else {
        long sum = 0;
        for (C cell : series.getValue()) {
          sum += cell.stamp();
        }
        sample(out, d.name(), "", series.getKey(), null);
        out.append(sum).append('\n');
      }
    }
  }

  private static void histogram(
      StringBuilder out, Family.Descriptor d, Labels labels, List<? extends Cell> cells) {
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
      sample(out, d.name(), "_bucket", labels, plain(bounds[i] / d.rawPerUnit()));
      out.append(count).append('\n');
    }
    count += totals[bounds.length];
    sample(out, d.name(), "_bucket", labels, "+Inf");
    out.append(count).append('\n');
    sample(out, d.name(), "_count", labels, null);
    out.append(count).append('\n');
    sample(out, d.name(), "_sum", labels, null);
    number(out, totals[bounds.length + 1] / d.rawPerUnit());
  }

  private static void header(StringBuilder out, String name, String help, Family.Type type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ');
    out.append(
            switch (type) {
              case COUNTER -> "counter";
              case GAUGE -> "gauge";
              case HISTOGRAM -> "histogram";
            })
        .append('\n');
  }

  private static void sample(
      StringBuilder out, String name, String suffix, Labels labels, @Nullable String bound) {
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

  private static void number(StringBuilder out, double value) {
    out.append(plain(value)).append('\n');
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
