package dev.weft.proxy.runtime;

import dev.weft.proxy.accesslog.AccessLog;
import org.jspecify.annotations.Nullable;

/**
 * Who watches requests besides the metrics. Thread-safe.
 *
 * @param accessLog null where none is kept
 */
public record Telemetry(@Nullable AccessLog accessLog) {
  /** Nobody. */
  public static final Telemetry NONE = new Telemetry(null);
}
