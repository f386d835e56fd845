package dev.weft.proxy.inbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** HTTP/1 as text on a socket, without a client library that would mend or hide anything. */
final class HttpText {
  private HttpText() {}

  /** Sends a request head (lines joned by CRLF) and reads the response. */
  static String exchange(Socket socket, String... lines) throws IOException {
    send(socket, lines);
    return response(socket);
  }

  static void send(Socket socket, String... lines) throws IOException {
    String text = String.join("\r\n", lines) + "\r\n\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Head and body of one response framed by content-length or nothing. */
  static String response(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    String head = head(in);
    int length = contentLength(head);
    return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("connection ended within a head: " + head);
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int contentLength(String head) {
    for (String line : head.split("\r\n")) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        return Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      }
    }
    return 0;
  }
}
