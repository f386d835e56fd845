package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseListener;
import org.jspecify.annotations.Nullable;

/** A request being sent. Runs on the connection's loop only. */
final class ClientStream extends Http2Stream implements ClientExchange {
  /** More 1xx heads than this before the final one end the stream. */
  static final int MAX_INFORMATIONAL = 64;

  private final Http2ClientConnection client;
  final ResponseListener response;

  /** What the response's framing depends on. */
  final boolean isHead;

  final boolean isConnect;

  /** Null once it was sent. */
  @Nullable RequestHead head;

  int informationals;

  ClientStream(
      Http2ClientConnection client, RequestHead head, boolean end, ResponseListener response) {
    super(client, response);
    this.client = client;
    this.head = head;
    this.response = response;
    this.isHead = head.isHead();
    this.isConnect = head.isConnect();
    this.endAsked = end;
  }

  @Override
  public ClientConnection connection() {
    return client;
  }

  @Override
  boolean mayHaveBody() {
    return true;
  }
}
