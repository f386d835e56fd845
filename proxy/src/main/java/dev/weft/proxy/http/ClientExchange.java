package dev.weft.proxy.http;

/**
 * One request being sent: sink of the request body and credit of the response body. Runs on the
 * connection's loop only.
 */
public interface ClientExchange extends BodySink, BodySource {
  /** The connection the request goes out on. */
  ClientConnection connection();
}
