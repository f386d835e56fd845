package dev.weft.kit.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of things which happen while a service starts. Quarkus connects the Prometheus registry
 * only at the end of the start, and what plain counters counted before is lost; these are read when
 * they are scraped.
 */
public final class LateCounter {
  private LateCounter() {}

  /**
   * Registers a counter.
   *
   * @param name with dots, without {@code _total}
   * @param tags keys and values in turn
   * @return counts; thread-safe
   */
  public static LongAdder register(MeterRegistry meters, String name, String... tags) {
    LongAdder counter = new LongAdder();
    FunctionCounter.builder(name, counter, LongAdder::sum).tags(tags).register(meters);
    return counter;
  }
}
