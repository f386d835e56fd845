package dev.weft.proxy.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 client settings which discovery gives for an endpoint. Zero and null mean "not given": the
 * proxy's own setting holds.
 *
 * @param connectionWindowBytes initial connection window
 * @param streamWindowBytes initial stream window
 * @param adaptiveFlowControl whether windows may grow with the bandwidth-delay product
 * @param keepAlive pings, null for none
 * @param maxFrameBytes largest frame
 * @param maxSendBufferBytes most bytes buffered per stream
 */
public record Http2Params(
    int connectionWindowBytes,
    int streamWindowBytes,
    boolean adaptiveFlowControl,
    @Nullable KeepAlive keepAlive,
    int maxFrameBytes,
    int maxSendBufferBytes) {

  /** Nothing is given. */
  public static final Http2Params DEFAULT = new Http2Params(0, 0, false, null, 0, 0);

  /**
   * Pings that find dead connections.
   *
   * @param interval from one ping to the next
   * @param timeout how long an answer may take before the connection is closed
   * @param whileIdle whether to ping without open streams
   */
  public record KeepAlive(Duration interval, Duration timeout, boolean whileIdle) {}
}
