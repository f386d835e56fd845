package dev.weft.proxy.http;

import java.util.Objects;

/**
 * Why an exchange ended early: who ended it, the HTTP/2 error code, and a sentence for logs.
 *
 * @param origin who ended it, which decides what may be done about it
 * @param code the HTTP/2 error code, an unsigned 32-bit number; kept as received so that it can be
 *     passed on unchanged
 * @param detail one short sentence for logs and error texts; empty when there is nothing to add.
 *     Never shows header values or bodies.
 */
public record Reset(Origin origin, long code, String detail) {

  /** Who ended the exchange. */
  public enum Origin {
    /** The peer reset this stream (RST_STREAM); {@link Reset#code} is the peer's. */
    PEER,
    /** The peer surely did nothing with the request: sending it again elsewhere is safe. */
    UNPROCESSED,
    /** The connection failed or closed while the exchange was open. */
    CONNECTION,
    /** The peer broke the protocol, so what it sent cannot be passed on. */
    VIOLATION,
    /** This proxy gave the exchange up (time-out, cancelled, no longer wanted). */
    LOCAL
  }

  /** This proxy no longer wants the exchange. */
  public static final Reset CANCEL = local(ErrorCode.CANCEL, "");

  /** This proxy needs nothing more of the exchange, and nothing was wrong with it. */
  public static final Reset NO_ERROR = local(ErrorCode.NO_ERROR, "");

  /** The peer went away. */
  public static final Reset CONNECTION_CLOSED =
      connection("connection closed before the message was complete");

  public Reset {
    Objects.requireNonNull(origin);
    Objects.requireNonNull(detail);
    if (code < 0 || code > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("HTTP/2 error code out of range: " + code);
    }
  }

  /** The peer's RST_STREAM. */
  public static Reset peer(long code) {
    return new Reset(Origin.PEER, code, "");
  }

  /** A request which the peer has surely not processed. */
  public static Reset unprocessed(String detail) {
    return new Reset(Origin.UNPROCESSED, ErrorCode.REFUSED_STREAM.code(), detail);
  }

  /** A failed connection. */
  public static Reset connection(String detail) {
    return new Reset(Origin.CONNECTION, ErrorCode.CANCEL.code(), detail);
  }

  /** A message that breaks the protocol. */
  public static Reset violation(ErrorCode code, String detail) {
    return new Reset(Origin.VIOLATION, code.code(), detail);
  }

  /** A decision of this proxy. */
  public static Reset local(ErrorCode code, String detail) {
    return new Reset(Origin.LOCAL, code.code(), detail);
  }

  /** Whether the request can be sent again elsewhere although it may change something. */
  public boolean isUnprocessed() {
    return origin == Origin.UNPROCESSED || code == ErrorCode.REFUSED_STREAM.code();
  }

  /** Whether this ends an exchange of which nothing more is needed, rather than failing it. */
  public boolean isNoError() {
    return code == ErrorCode.NO_ERROR.code();
  }

  /** The code's name, or its number in hexadecimal where RFC 9113 gives no name. */
  public String codeName() {
    ErrorCode named = ErrorCode.of(code);
    return named != null ? named.name() : "0x" + Long.toHexString(code);
  }

  @Override
  public String toString() {
    return origin + "/" + codeName() + (detail.isEmpty() ? "" : ": " + detail);
  }
}
