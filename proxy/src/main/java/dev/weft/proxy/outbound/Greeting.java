package dev.weft.proxy.outbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a client of the explicit mode hears once its target is known. Exactly one of the two is
 * used, by {@link #welcome} or {@link #refusal}; the other is given up. Both are empty for clients
 * that were redirected here and hear nothing.
 *
 * @param yes the target is served
 * @param no it is not
 */
record Greeting(ByteBuf yes, ByteBuf no) {
  static final Greeting NONE = new Greeting(Unpooled.EMPTY_BUFFER, Unpooled.EMPTY_BUFFER);

  /** The answers of SOCKS5. */
  static Greeting socks() {
    return new Greeting(
        SocksRequest.Reply.SUCCEEDED.encode(), SocksRequest.Reply.NOT_ALLOWED.encode());
  }

  /** The target is served; the caller owns the result. */
  ByteBuf welcome() {
    no.release();
    return yes;
  }

  /** The target is not served; the caller owns the result. */
  ByteBuf refusal() {
    yes.release();
    return no;
  }

  /** Nothing of this is said. */
  void release() {
    yes.release();
    no.release();
  }
}
