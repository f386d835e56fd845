package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.proxy.detect.HttpHint;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the explicit mode opens with: SOCKS5, CONNECT, or requests in HTTP. Strict, and
 * bounded by {@link #MAX_BYTES}.
 *
 * <p>Source: RFC 1928 section 3; RFC 9110 section 9.3.6; RFC 9112 sections 2 to 5.
 */
sealed interface Opening {
  /** Most bytes of a greeting or of the head of a CONNECT request. */
  int MAX_BYTES = 8 * 1024;

  /** The first byte of SOCKS5. */
  int SOCKS_VERSION = 5;

  /** Requests that name their target one by one. */
  record Http1() implements Opening {}

  /** The same in HTTP/2. */
  record Http2() implements Opening {}

  /** A tunnel; the head of the request is consumed. */
  record Connect(Authority authority) implements Opening {}

  /** SOCKS5, the client accepts no authentication; the greeting is consumed. */
  record Socks() implements Opening {}

  /** SOCKS5, the client insists on an authentication. */
  record SocksUnacceptable() implements Opening {}

  /**
   * Nothing that can be served.
   *
   * @param status HTTP status of the answer
   * @param cause for answer and log
   */
  record Bad(int status, String cause) implements Opening {}

  /**
   * Looks at the first bytes.
   *
   * @param bytes borrowed; greeting and CONNECT are consumed, other requests are not
   * @param end whether no more will come, or fit
   * @return null if more bytes are needed
   */
  static @Nullable Opening of(ByteBuf bytes, boolean end) {
    if (bytes.getByte(bytes.readerIndex()) == SOCKS_VERSION) {
      return socks(bytes, end);
    }
    HttpHint hint = HttpHint.of(bytes, end);
    if (hint == null) {
      return null;
    }
    return switch (hint) {
      case HTTP_2 -> new Http2();
      case HTTP_1 -> startsWithConnect(bytes) ? connect(bytes, end) : new Http1();
      case OTHER ->
          new Bad(400, "neither HTTP nor SOCKS5; this listener takes requests for named targets");
    };
  }

  private static @Nullable Opening socks(ByteBuf bytes, boolean end) {
    int start = bytes.readerIndex();
    int available = bytes.readableBytes();
    int methods = available < 2 ? -1 : bytes.getUnsignedByte(start + 1);
    if (methods < 0 || available < 2 + methods) {
      return end ? new Bad(400, "SOCKS5 greeting is cut short") : null;
    }
    boolean none = false;
    for (int i = 0; i < methods; i++) {
      none |= bytes.getByte(start + 2 + i) == 0;
    }
    bytes.skipBytes(2 + methods);
    return none ? new Socks() : new SocksUnacceptable();
  }

  private static boolean startsWithConnect(ByteBuf bytes) {
    byte[] method = "CONNECT ".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < method.length; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != method[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Opening connect(ByteBuf bytes, boolean end) {
    int start = bytes.readerIndex();
    int length = headLength(bytes);
    if (length < 0) {
      return end ? new Bad(431, "the head of the CONNECT request exceeds " + MAX_BYTES) : null;
    }
    String head = bytes.toString(start, length, StandardCharsets.ISO_8859_1);
    bytes.skipBytes(length);
    String[] lines = head.split("\r\n", -1);
    String[] request = lines[0].split(" ", -1);
    if (request.length != 3 || !request[2].equals("HTTP/1.1")) {
      return new Bad(400, "CONNECT needs an authority and HTTP/1.1");
    }
    for (int i = 1; i < lines.length - 2; i++) {
      String problem = problem(lines[i]);
      if (!problem.isEmpty()) {
        return new Bad(400, problem);
      }
    }
    Optional<Authority> authority = Authority.tryParse(request[1]);
    if (authority.isEmpty() || !authority.get().hasPort()) {
      return new Bad(400, "the target of CONNECT is not host:port");
    }
    return new Connect(authority.get());
  }

  /** Length up to and including the empty line, or -1. */
  private static int headLength(ByteBuf bytes) {
    int start = bytes.readerIndex();
    for (int at = start; at + 3 < bytes.writerIndex(); at++) {
      if (bytes.getByte(at) == '\r'
          && bytes.getByte(at + 1) == '\n'
          && bytes.getByte(at + 2) == '\r'
          && bytes.getByte(at + 3) == '\n') {
        return at + 4 - start;
      }
    }
    return -1;
  }

  /** What is wrong with a header line; empty if nothing is. */
  private static String problem(String line) {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      return "a header line of CONNECT has no name";
    }
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean blankInName = i < colon && c <= ' ';
      if (blankInName || (c < ' ' && c != '\t') || c == 0x7f) {
        return "a header line of CONNECT is malformed";
      }
    }
    int digits = 0;
    String name = line.substring(0, colon);
    if (name.equalsIgnoreCase("transfer-encoding")) {
      return "CONNECT has no body";
    }
    if (name.equalsIgnoreCase("content-length")) {
      String value = line.substring(colon + 1).strip();
      while (digits < value.length() && value.charAt(digits) == '0') {
        digits++;
      }
      return digits == value.length() ? "" : "CONNECT has no body";
    }
    return "";
  }
}
