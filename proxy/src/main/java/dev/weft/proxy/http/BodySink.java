package dev.weft.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * The sending half of an exchange. Runs on the connection's loop only.
 *
 * <p>Whoever sends must bound what is under way: bytes given to {@link #data} and not yet reported
 * by {@link BodyListener#onWritten}. A forwarder does so by returning credit to the other side only
 * as bytes are reported. After the end, after a reset in either direction, and after the connection
 * closed, calls are ignored and buffers released.
 */
public interface BodySink {
  /**
   * Sends bytes of the body (or of the tunnel after an upgrade).
   *
   * @param data consumed; may be empty
   * @param end whether this ends the message; in a tunnel it closes this direction alone
   */
  void data(ByteBuf data, boolean end);

  /** Sends trailers, which ends the message. Dropped where the framing has no room for them. */
  void trailers(HeaderBlock trailers);

  /**
   * Gives the whole exchange up, both directions: RST_STREAM with the reason's code on HTTP/2, the
   * end of the connection on HTTP/1 (unless nothing was lost by it). No callback follows.
   */
  void reset(Reset reason);
}
