package dev.weft.proxy.http;

/**
 * What a server codec does with requests: the one door from a connection into the proxy. Called on
 * the connection's loop only.
 */
public interface ExchangeHandler {
  /**
   * A request began. The answer may be given at once, from within this call, or any time later.
   *
   * @param head owned by the receiver
   * @param end whether the request has no body and no trailers
   * @return who hears the rest of this request
   */
  RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end);

  /**
   * The codec refused what the peer sent and has answered or closed by itself; for the log and the
   * counters. Does nothing unless overridden.
   */
  default void onRefused(ServerConnection connection, Refusal refusal) {}
}
