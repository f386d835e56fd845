package dev.weft.proxy.config;

import dev.weft.proxy.http.http2.Http2Settings;

/**
 * HTTP/2 towards clients.
 *
 * @param settings windows, frame and header limits, pings
 * @param adaptiveFlowControl whether windows grow while their bytes are consumed, although they
 *     were configured; where nothing was, they do anyway
 * @param maxSendBufferBytes most bytes buffered for sending per stream, 0 for the codec's own bound
 * @param maxPendingResets most streams reset by the peer before they were accepted, 0 for the
 *     codec's own bound
 */
public record Http2ServerConfig(
    Http2Settings settings,
    boolean adaptiveFlowControl,
    int maxSendBufferBytes,
    int maxPendingResets) {
  /** Nothing was configured. */
  public static final Http2ServerConfig DEFAULT =
      new Http2ServerConfig(Http2Settings.DEFAULT, false, 0, 0);
}
