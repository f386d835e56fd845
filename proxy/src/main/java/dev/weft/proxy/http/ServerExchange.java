package dev.weft.proxy.http;

/**
 * One request being answered: sink of the response and credit of the request body. Runs on the
 * connection's loop only.
 *
 * <p>Order: any number of {@link #informational}, then one of {@link #respond} or {@link #upgrade},
 * then data, then the end. {@link #reset} may come at any time. The response may end before the
 * request does; the rest of the request is still delivered.
 */
public interface ServerExchange extends BodySink, BodySource {
  /** The connection the request came on. */
  ServerConnection connection();

  /** Sends an informational response (1xx but 101); dropped for an HTTP/1.0 client. */
  void informational(ResponseHead head);

  /**
   * Sends the head of the final response.
   *
   * @param head consumed: the codec may change it
   * @param end whether nothing follows
   */
  void respond(ResponseHead head, boolean end);

  /** Agrees to an upgrade or CONNECT: sends the head, then both directions are raw bytes. */
  void upgrade(ResponseHead head);
}
