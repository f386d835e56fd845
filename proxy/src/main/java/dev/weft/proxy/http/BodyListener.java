package dev.weft.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Receives what the peer sends after a head, and how far the own sending got. Called on the
 * connection's loop only; calls may come from within a call of a sink or source method.
 *
 * <p>The message ends with {@code onData(…, true)} or {@code onTrailers}; {@code onReset} ends both
 * directions and is the last callback of all.
 */
public interface BodyListener {
  /**
   * Bytes of the body (or of the tunnel after an upgrade).
   *
   * @param data owned by the receiver; may be empty
   * @param end whether the message ends with them; in a tunnel only this direction
   */
  void onData(ByteBuf data, boolean end);

  /** The trailers, which end the message. */
  void onTrailers(HeaderBlock trailers);

  /**
   * The exchange ended early in both directions. It can come after the peer's message ended, when
   * the peer wants nothing more of the own one (then the code is often NO_ERROR).
   */
  void onReset(Reset reason);

  /** {@code bytes} of what the sink was given left this proxy's buffers. */
  void onWritten(int bytes);
}
