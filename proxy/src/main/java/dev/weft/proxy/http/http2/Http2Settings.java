package dev.weft.proxy.http.http2;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings and bounds of an HTTP/2 connection, for either side.
 *
 * @param streamWindowBytes receive window of one stream
 * @param maxStreamWindowBytes what the receive window of a stream may grow to while its bytes are
 *     consumed, see {@link ReceiveFlow}; {@code streamWindowBytes} for never
 * @param connectionWindowBytes receive window of the connection
 * @param maxFrameBytes largest frame payload accepted, 16 384 to 16 777 215
 * @param maxHeaderListBytes largest header list accepted (RFC 9113, section 10.5.1); beyond it a
 *     request gets 431
 * @param maxConcurrentStreams most streams the peer may have open (server)
 * @param maxWaiting most requests waiting for the peer's stream limit (client)
 * @param keepAliveInterval quiet time after which a PING is sent; null for none
 * @param keepAliveTimeout how long its answer may take before the connection is closed
 * @param keepAliveWhileIdle whether pings go out while no stream is open
 */
public record Http2Settings(
    int streamWindowBytes,
    int maxStreamWindowBytes,
    int connectionWindowBytes,
    int maxFrameBytes,
    int maxHeaderListBytes,
    int maxConcurrentStreams,
    int maxWaiting,
    @Nullable Duration keepAliveInterval,
    Duration keepAliveTimeout,
    boolean keepAliveWhileIdle) {
  /** The protocol's initial window, 65 535 bytes. */
  public static final int DEFAULT_STREAM_WINDOW_BYTES = 65_535;

  /** 1 MiB. */
  public static final int DEFAULT_CONNECTION_WINDOW_BYTES = 1 << 20;

  /** Where windows that may grow end: 512 KiB. */
  static final int GROWN_STREAM_WINDOW_BYTES = 512 * 1024;

  /**
   * Windows of 65 535 bytes and 1 MiB that stay so, frames of 16 KiB, header lists of 16 KiB, no
   * pings.
   */
  public static final Http2Settings DEFAULT =
      new Http2Settings(
          DEFAULT_STREAM_WINDOW_BYTES,
          DEFAULT_STREAM_WINDOW_BYTES,
          DEFAULT_CONNECTION_WINDOW_BYTES,
          16_384,
          16 * 1024,
          100_000,
          10_000,
          null,
          Duration.ofSeconds(20),
          false);

  public Http2Settings {
    Objects.requireNonNull(keepAliveTimeout);
    requireRange("streamWindowBytes", streamWindowBytes, 1, Integer.MAX_VALUE);
    requireRange(
        "maxStreamWindowBytes", maxStreamWindowBytes, streamWindowBytes, Integer.MAX_VALUE);
    requireRange("connectionWindowBytes", connectionWindowBytes, 65_535, Integer.MAX_VALUE);
    requireRange("maxFrameBytes", maxFrameBytes, 16_384, 16_777_215);
    requireRange("maxHeaderListBytes", maxHeaderListBytes, 1, 1 << 24);
    requireRange("maxConcurrentStreams", maxConcurrentStreams, 0, Integer.MAX_VALUE);
    requireRange("maxWaiting", maxWaiting, 0, Integer.MAX_VALUE);
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "HTTP/2 setting " + name + "=" + value + " is outside " + min + ".." + max);
    }
  }

  /** The same with other windows, which stay as they are. */
  public Http2Settings withWindows(int streamBytes, int connectionBytes) {
    return new Http2Settings(
        streamBytes,
        streamBytes,
        connectionBytes,
        maxFrameBytes,
        maxHeaderListBytes,
        maxConcurrentStreams,
        maxWaiting,
        keepAliveInterval,
        keepAliveTimeout,
        keepAliveWhileIdle);
  }

  /** The same with stream windows that grow while their bytes are consumed. */
  public Http2Settings withGrowingWindows() {
    return new Http2Settings(
        streamWindowBytes,
        Math.max(streamWindowBytes, GROWN_STREAM_WINDOW_BYTES),
        connectionWindowBytes,
        maxFrameBytes,
        maxHeaderListBytes,
        maxConcurrentStreams,
        maxWaiting,
        keepAliveInterval,
        keepAliveTimeout,
        keepAliveWhileIdle);
  }

  /** The same with another limit on the peer's streams. */
  public Http2Settings withMaxConcurrentStreams(int limit) {
    return new Http2Settings(
        streamWindowBytes,
        maxStreamWindowBytes,
        connectionWindowBytes,
        maxFrameBytes,
        maxHeaderListBytes,
        limit,
        maxWaiting,
        keepAliveInterval,
        keepAliveTimeout,
        keepAliveWhileIdle);
  }

  /** The same with keep-alive pings. */
  public Http2Settings withKeepAlive(Duration interval, Duration timeout, boolean whileIdle) {
    return new Http2Settings(
        streamWindowBytes,
        maxStreamWindowBytes,
        connectionWindowBytes,
        maxFrameBytes,
        maxHeaderListBytes,
        maxConcurrentStreams,
        maxWaiting,
        interval,
        timeout,
        whileIdle);
  }
}
