package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Turns the lines of a request head into a {@link RequestHead} after judging target, host and
 * framing. Runs on the channel's loop only.
 *
 * <p>Source: RFC 9112, section 3.2; RFC 9110, section 7.2; facts/proxy.md 2.6.
 */
final class RequestReader {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString ROOT = AsciiString.cached("/");
  private static final AsciiString ASTERISK = AsciiString.cached("*");
  private static final int MAX_PORT = 65_535;

  private RequestReader() {}

  /**
   * The request.
   *
   * @param lines a complete head
   * @param scan filled with what the fields say
   */
  static RequestHead read(HeadReader lines, FieldScan scan) throws BadMessage {
    HeaderBlock fields = lines.fields();
    scan.scan(fields);
    FirstLine line = lines.firstLine();
    boolean http10 = line.isHttp10();
    checkHost(fields, scan, http10);
    if (scan.chunked && http10) {
      throw BadMessage.badRequest("transfer-encoding in HTTP/1.0");
    }
    byte[] bytes = lines.bytes();
    RequestHead head =
        new RequestHead(
            http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
            Methods.of(bytes, line.methodStart(), line.methodEnd() - line.methodStart()),
            TargetForm.ORIGIN,
            AsciiString.EMPTY_STRING,
            AsciiString.EMPTY_STRING,
            AsciiString.EMPTY_STRING,
            fields);
    target(head, bytes, line.targetStart(), line.targetEnd());
    if (head.method == Methods.CONNECT) {
      connect(head, scan);
    } else if (scan.upgrade && !http10 && !scan.chunked && scan.contentLength <= 0) {
      // With a body there would be no telling where it ends and the other protocol begins
      // before the answer is known; a server may always ignore the wish (RFC 9110, section 7.8).
      head.upgrade = true;
      scan.keepUpgrade(fields);
    }
    if (http10 && scan.expectsContinue) {
      scan.expectsContinue = false;
      fields.remove(HeaderNames.EXPECT);
    }
    return head;
  }

  private static void connect(RequestHead head, FieldScan scan) throws BadMessage {
    if (head.version != HttpVersion.HTTP_1_1) {
      throw BadMessage.badRequest("CONNECT is not HTTP/1.1");
    }
    if (scan.chunked || scan.contentLength > 0) {
      throw BadMessage.badRequest("CONNECT with a body");
    }
    head.headers.remove(HeaderNames.CONTENT_LENGTH);
    head.upgrade = true;
  }

  private static void checkHost(HeaderBlock fields, FieldScan scan, boolean http10)
      throws BadMessage {
    if (scan.hosts == 0) {
      if (!http10) {
        throw BadMessage.badRequest("no host");
      }
      return;
    }
    if (scan.hosts > 1) {
      throw BadMessage.badRequest("more than one host");
    }
    AsciiString host = fields.get(HeaderNames.HOST);
    if (host != null && !host.isEmpty() && !isAuthority(host, false)) {
      throw BadMessage.badRequest("host is not a name and port");
    }
  }

  private static void target(RequestHead head, byte[] bytes, int start, int end) throws BadMessage {
    if (head.method == Methods.CONNECT) {
      AsciiString authority = new AsciiString(bytes, start, end - start, false);
      if (!isAuthority(authority, true)) {
        throw BadMessage.badRequest("target of CONNECT is not host and port");
      }
      head.form = TargetForm.AUTHORITY;
      head.authority = authority;
    } else if (bytes[start] == '/') {
      head.path = new AsciiString(bytes, start, end - start, false);
    } else if (bytes[start] == '*' && end - start == 1 && head.method == Methods.OPTIONS) {
      head.form = TargetForm.ASTERISK;
      head.path = ASTERISK;
    } else {
      absolute(head, bytes, start, end);
    }
  }

  private static void absolute(RequestHead head, byte[] bytes, int start, int end)
      throws BadMessage {
    AsciiString target = new AsciiString(bytes, start, end - start, false);
    AsciiString scheme = scheme(target);
    if (scheme == null) {
      throw BadMessage.badRequest("target is neither a path nor an http or https URI");
    }
    int from = scheme.length() + 3;
    int to = from;
    while (to < target.length() && target.byteAt(to) != '/' && target.byteAt(to) != '?') {
      to++;
    }
    AsciiString authority = target.subSequence(from, to, false);
    if (!isAuthority(authority, false)) {
      throw BadMessage.badRequest("authority of the target is not a name and port");
    }
    head.form = TargetForm.ABSOLUTE;
    head.scheme = scheme;
    head.authority = authority;
    if (to == target.length()) {
      // RFC 9112, section 3.2.4: no path at all asks about the server as a whole.
      head.path = head.method == Methods.OPTIONS ? ASTERISK : ROOT;
    } else {
      AsciiString path = target.subSequence(to, target.length(), false);
      head.path = path.byteAt(0) == '/' ? path : ROOT.concat(path);
    }
  }

  private static @Nullable AsciiString scheme(AsciiString target) {
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return HTTP;
    }
    return target.regionMatches(true, 0, "https://", 0, 8) ? HTTPS : null;
  }

  /** Whether this is a host (name, IPv4 or bracketed IPv6 address) and a port. */
  static boolean isAuthority(AsciiString text, boolean portNeeded) {
    byte[] bytes = text.array();
    int at = text.arrayOffset();
    int end = at + text.length();
    int start = at;
    if (at < end && bytes[at] == '[') {
      at++;
      while (at < end && isAddressByte(bytes[at])) {
        at++;
      }
      if (at == end || bytes[at] != ']' || at - start < 3) {
        return false;
      }
      at++;
    } else {
      while (at < end && Chars.isHost(bytes[at])) {
        at++;
      }
      if (at == start) {
        return false;
      }
    }
    if (at == end) {
      return !portNeeded;
    }
    return bytes[at] == ':' && isPort(bytes, at + 1, end, portNeeded);
  }

  private static boolean isAddressByte(byte b) {
    return Chars.hex(b) >= 0 || b == ':' || b == '.';
  }

  /** An empty port means the default one (RFC 3986, section 3.2.3). */
  private static boolean isPort(byte[] bytes, int from, int end, boolean needed) {
    if (from == end) {
      return !needed;
    }
    int port = 0;
    for (int i = from; i < end; i++) {
      if (!Chars.isDigit(bytes[i]) || port > MAX_PORT) {
        return false;
      }
      port = port * 10 + (bytes[i] - '0');
    }
    return port > 0 && port <= MAX_PORT;
  }
}
