package dev.weft.redirect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server on a free port of 127.0.0.1 that serves one connection after another. */
final class LoopbackServer implements AutoCloseable {
  /** What happens on a connection, which is closed afterwards. */
  interface Exchange {
    void with(Socket socket) throws IOException;
  }

  private final ServerSocket server;

  LoopbackServer(Exchange exchange) throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(() -> serve(exchange));
  }

  private void serve(Exchange exchange) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        exchange.with(socket);
      } catch (IOException _) {
        // The client went away, or the server was closed.
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
