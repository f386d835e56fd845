package dev.weft.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * The connecting side of an HTTP connection; the handler to add at the end of a connected channel's
 * pipeline (after its TLS handshake and transport header). Runs on the channel's loop only.
 *
 * <p>The channel must have {@code AUTO_READ} off and {@code ALLOW_HALF_CLOSURE} on.
 */
public interface ClientConnection extends ChannelHandler {
  /** The channel; only valid once the handler was added. */
  Channel channel();

  /**
   * Sends a request. Over the peer's stream limit the request waits in a bounded list; when that is
   * full, or the connection can take none, the listener hears {@link Reset#unprocessed} (after this
   * method returned).
   *
   * @param head consumed: the codec may change it
   * @param end whether nothing follows the head
   */
  ClientExchange open(RequestHead head, boolean end, ResponseListener listener);

  /** Whether a request opened now would be sent or wait: HTTP/1 idle, HTTP/2 not draining. */
  boolean isUsable();

  /** Requests sent or waiting, and not over. */
  int activeExchanges();

  /** How many requests may be under way at once: 1 on HTTP/1, the peer's limit on HTTP/2. */
  int maxConcurrentExchanges();

  /** Takes no further request, lets those under way finish, then closes. May be repeated. */
  void drain();

  /** Closes at once; open exchanges hear a reset. */
  void close();
}
