package dev.weft.redirect;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program of the tests: tells whoever connects which of its ports was reached. */
final class PortTeller {
  private PortTeller() {}

  /** Listens on the given ports of every address and says so by a line. */
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      ServerSocket server = new ServerSocket(Integer.parseInt(arg));
      Thread.ofPlatform().start(() -> tell(server));
    }
    System.out.println("listening");
  }

  private static void tell(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        String port = Integer.toString(server.getLocalPort());
        socket.getOutputStream().write(port.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        System.err.println(e);
      }
    }
  }
}
