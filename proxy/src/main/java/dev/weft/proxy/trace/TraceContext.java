package dev.weft.proxy.trace;

import dev.weft.proxy.http.HeaderBlock;
import org.jspecify.annotations.Nullable;

/**
 * To which trace a request belongs.
 *
 * @param format how its headers say so
 * @param traceHigh upper half of the trace's id; 0 where the format had but 8 bytes
 * @param traceLow lower half
 * @param parentId the span that caused this request
 * @param flags the format's flags; the lowest bit says whether the trace is recorded
 */
record TraceContext(Propagation format, long traceHigh, long traceLow, long parentId, int flags) {
  private static final int SAMPLED = 1;
  private static final Propagation[] FORMATS = Propagation.values();

  /**
   * The context of a request, null if it belongs to no trace. Headers that break their format are
   * as good as none.
   */
  static @Nullable TraceContext of(HeaderBlock headers) {
    for (Propagation format : FORMATS) {
      TraceContext found = format.read(headers);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Whether spans of the trace are recorded. */
  boolean sampled() {
    return (flags & SAMPLED) != 0;
  }

  /** The context of what a span of this context causes. */
  TraceContext under(long spanId) {
    return new TraceContext(format, traceHigh, traceLow, spanId, flags);
  }

  /** Makes headers that were read name {@link #parentId} as the cause. */
  void write(HeaderBlock headers) {
    format.write(headers, this);
  }
}
