package dev.weft.proxy.http;

import org.jspecify.annotations.Nullable;

/**
 * The error codes of HTTP/2 (RFC 9113, section 7). A peer may send any other 32-bit number; {@link
 * Reset#code} keeps the number itself.
 */
public enum ErrorCode {
  NO_ERROR,
  PROTOCOL_ERROR,
  INTERNAL_ERROR,
  FLOW_CONTROL_ERROR,
  SETTINGS_TIMEOUT,
  STREAM_CLOSED,
  FRAME_SIZE_ERROR,
  REFUSED_STREAM,
  CANCEL,
  COMPRESSION_ERROR,
  CONNECT_ERROR,
  ENHANCE_YOUR_CALM,
  INADEQUATE_SECURITY,
  HTTP_1_1_REQUIRED;

  private static final ErrorCode[] VALUES = values();

  /** The number on the wire. */
  public long code() {
    return ordinal();
  }

  /** The named code of a number, or null when RFC 9113 gives it no name. */
  public static @Nullable ErrorCode of(long code) {
    return code >= 0 && code < VALUES.length ? VALUES[(int) code] : null;
  }
}
