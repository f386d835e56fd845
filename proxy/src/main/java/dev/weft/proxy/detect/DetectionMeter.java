package dev.weft.proxy.detect;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** The cells of HTTP detection under one set of labels. Runs on the loop of its shard only. */
public final class DetectionMeter {
  private final Histogram duration;
  private final Function<Result, Counter> newCounter;
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  /** What detection came to. */
  public enum Result {
    NOT_HTTP("not_http"),
    HTTP_1("http/1"),
    HTTP_2("http/2"),
    READ_TIMEOUT("read_timeout"),
    /** The connection ended before. */
    ERROR("error");

    private final String label;

    Result(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  DetectionMeter(Histogram duration, Function<Result, Counter> newCounter) {
    this.duration = duration;
    this.newCounter = newCounter;
  }

  /** Detection is over. */
  public void detected(Result result, long nanos) {
    counters.computeIfAbsent(result, newCounter).increment();
    duration.record(nanos);
  }
}
