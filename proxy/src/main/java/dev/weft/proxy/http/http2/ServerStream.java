package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;

/** A request being answered. Runs on the connection's loop only. */
final class ServerStream extends Http2Stream implements ServerExchange {
  private final Http2ServerConnection server;
  boolean responded;

  ServerStream(Http2ServerConnection server) {
    super(server, null);
    this.server = server;
    this.headReceived = true;
  }

  @Override
  public ServerConnection connection() {
    return server;
  }

  @Override
  boolean mayHaveBody() {
    return responded;
  }

  @Override
  public void informational(ResponseHead head) {
    if (closed || responded) {
      return;
    }
    if (head.status < 100 || head.status >= 200 || head.status == 101) {
      throw new IllegalArgumentException("not an informational status: " + head.status);
    }
    server.writeHead(this, head, false);
  }

  @Override
  public void respond(ResponseHead head, boolean end) {
    if (closed) {
      return;
    }
    if (responded) {
      throw new IllegalStateException("second response on stream " + id);
    }
    responded = true;
    endAsked = end;
    server.writeHead(this, head, end);
  }

  @Override
  public void upgrade(ResponseHead head) {
    if (head.status == 101) {
      // HTTP/2 has no 101 (RFC 9113, section 8.6): an accepted CONNECT is a 2xx.
      head.status = 200;
    }
    respond(head, false);
  }
}
