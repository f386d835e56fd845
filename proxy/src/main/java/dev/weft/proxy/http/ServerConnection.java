package dev.weft.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * The accepting side of an HTTP connection; the handler to add at the end of an accepted channel's
 * pipeline. Runs on the channel's loop only.
 *
 * <p>The channel must have {@code AUTO_READ} off and {@code ALLOW_HALF_CLOSURE} on. Bytes read
 * before the handler was added are handed over with {@code fireChannelRead} afterwards.
 */
public interface ServerConnection extends ChannelHandler {
  /** The channel; only valid once the handler was added. */
  Channel channel();

  /** Requests accepted and not over. */
  int activeExchanges();

  /**
   * Accepts no further request, lets those under way finish and then closes: GOAWAY on HTTP/2,
   * {@code connection: close} on HTTP/1. Tunnels are not interrupted. May be repeated.
   */
  void drain();

  /** Closes at once; open exchanges are reset. */
  void close();
}
