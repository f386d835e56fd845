package dev.weft.proxy.inbound;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application of bytes: has the same conversation with whoever connects, then closes. */
final class TestApp implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** What it says. */
  @FunctionalInterface
  interface Conversation {
    void with(Socket client) throws IOException;
  }

  TestApp(Conversation conversation) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!listener.isClosed()) {
                try {
                  Socket socket = listener.accept();
                  sockets.add(socket);
                  Thread.ofVirtual().start(() -> talk(conversation, socket));
                } catch (IOException _) {
                  return; // closed
                }
              }
            });
  }

  /** Sends everything back, then the end. */
  static TestApp echo() throws IOException {
    return new TestApp(
        client -> {
          client.getInputStream().transferTo(client.getOutputStream());
          client.shutdownOutput();
        });
  }

  private static void talk(Conversation conversation, Socket socket) {
    try (socket) {
      conversation.with(socket);
    } catch (IOException | UncheckedIOException _) {
      // The client's end of it is what tests look at.
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections accepted so far. */
  int accepted() {
    return sockets.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
