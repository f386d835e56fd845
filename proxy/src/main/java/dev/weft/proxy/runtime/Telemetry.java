package dev.weft.proxy.runtime;

import dev.weft.proxy.accesslog.AccessLog;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.trace.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Who watches requests besides the metrics. Thread-safe.
 *
 * @param accessLog null where none is kept
 * @param taps clients of the tap server; empty where there is none
 * @param tracer null where no trace collector is configured
 */
public record Telemetry(@Nullable AccessLog accessLog, Taps taps, @Nullable Tracer tracer) {
  /** Nobody, for good. */
  public static Telemetry none() {
    return new Telemetry(null, new Taps(), null);
  }
}
