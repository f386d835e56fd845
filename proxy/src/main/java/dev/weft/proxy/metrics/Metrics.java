package dev.weft.proxy.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * The registry: families in the order they were declared, printed in the text formats of {@link
 * MetricsFormat}.
 *
 * <p>Declare families at start. A family is written through cells: {@code Counter c =
 * family.get(shard, labels)}. The number of series is bounded, per family and of all together; what
 * finds no room is counted in its family's overflow series. Thread-safe.
 */
public final class Metrics {
  /** Most series of one family; further labels share an overflow series. */
  public static final int MAX_SERIES_PER_FAMILY = 10_000;

  /** Most lines of all families together, unless said otherwise; some 20 MB of text. */
  private static final int DEFAULT_MAX_SERIES = 50_000;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Source: facts/proxy.md 4.2. */
  private static final double[] LATENCY_MILLIS = {
    1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1_000, 2_000, 3_000, 4_000, 5_000,
    10_000, 20_000, 30_000, 40_000, 50_000
  };

  private final int shards;
  private final SeriesBudget budget;
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
    this(loops, DEFAULT_MAX_SERIES);
  }

  /**
   * A registry with a bound of its own.
   *
   * @param maxSeries most lines of all families together, overflow series not counted
   */
  public Metrics(int loops, int maxSeries) {
    shards = loops + 1;
    budget = new SeriesBudget(maxSeries);
    for (int i = 0; i < shards; i++) {
      shardList.add(new Shard(i));
    }
    reading("weft_metrics_series", "Series held.", Labels.NONE, budget::used);
    reading("weft_metrics_series_max", "Most series held.", Labels.NONE, budget::max);
    countReading(
        "weft_metrics_overflow_total",
        "Requests for series that found no room and went to the overflow series.",
        Labels.NONE,
        budget::refused);
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

  /**
   * Declares a counter.
   *
   * @param name the whole name, with {@code _total}
   */
  public Family<Counter> counter(String name, String help) {
    return add(name, help, Family.Type.COUNTER, new long[0], 1);
  }

  /** Declares a gauge. */
  public Family<Gauge> gauge(String name, String help) {
    return add(name, help, Family.Type.GAUGE, new long[0], 1);
  }

  /**
   * Declares a gauge of a moment or a duration, set in nanoseconds and shown in seconds; of what
   * several shards say, the greatest is shown.
   */
  public Family<Gauge> latestSeconds(String name, String help) {
    return add(name, help, Family.Type.LATEST, new long[0], NANOS_PER_SECOND);
  }

  /**
   * Declares a histogram of latencies with the bounds that the contract has for all of them,
   * recorded in nanoseconds and shown in milliseconds.
   */
  public Family<Histogram> latencyMillis(String name, String help) {
    return millis(name, help, LATENCY_MILLIS);
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

  /**
   * Hides series which nobody wrote for {@code idleNanos}; lasting ones only while more than half
   * of the budget is used. Call it now and then.
   */
  public void sweep(long nowNanos, long idleNanos) {
    boolean tight = budget.isTight();
    for (Family<?> family : families) {
      if (tight || !family.isLasting()) {
        family.sweep(nowNanos, idleNanos);
      }
    }
  }

  /** The names of all that is declared. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    families.forEach(family -> names.add(family.descriptor().name()));
    readings.forEach(reading -> names.add(reading.name()));
    return names;
  }

  /** Everything in Prometheus text format. */
  public String print() {
    return print(MetricsFormat.PROMETHEUS);
  }

  /** Everything in the given format. */
  public String print(MetricsFormat format) {
    Exposition out = new Exposition(format);
    for (Family<?> family : families) {
      out.family(family);
    }
    String last = "";
    for (Reading reading : readings) {
      if (!reading.name().equals(last)) {
        out.header(reading.name(), reading.help(), reading.type());
        last = reading.name();
      }
      out.value(reading.name(), reading.labels(), reading.value().getAsDouble());
    }
    return out.end();
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
                      case GAUGE, LATEST -> new Gauge();
                      case HISTOGRAM -> new Histogram(bounds);
                    },
            shards,
            new Family.Limits(MAX_SERIES_PER_FAMILY, budget));
    families.add(family);
    return family;
  }
}
