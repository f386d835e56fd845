package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.netty.util.CharsetUtil;

/**
 * Writes heads and trailers. Stateless.
 *
 * <p>Fields that concern one connection alone are never copied from a head (an upgrade's excepted):
 * the caller names those to add by the constants here, combined with {@code |}. Names and values
 * are trusted to be valid, as {@link HeaderBlock#add} demands.
 */
final class HeadWriter {
  /** Adds {@code transfer-encoding: chunked}. */
  static final int CHUNKED = 1;

  /** Adds {@code content-length: 0}. */
  static final int EMPTY = 1 << 1;

  /** Adds {@code connection: close}. */
  static final int CLOSE = 1 << 2;

  /** Adds {@code connection: keep-alive}. */
  static final int KEEP_ALIVE = 1 << 3;

  /** Copies {@code connection} and {@code upgrade}. */
  static final int UPGRADE = 1 << 4;

  /** Leaves {@code content-length} out. */
  static final int NO_LENGTH = 1 << 5;

  /** Leaves {@code host} out; the one of the authority was written. */
  private static final int NO_HOST = 1 << 6;

  private static final byte[] CHUNKED_LINE = bytes("transfer-encoding: chunked\r\n");
  private static final byte[] EMPTY_LINE = bytes("content-length: 0\r\n");
  private static final byte[] CLOSE_LINE = bytes("connection: close\r\n");
  private static final byte[] KEEP_ALIVE_LINE = bytes("connection: keep-alive\r\n");
  private static final byte[] HOST_START = bytes("host: ");
  private static final byte[] SCHEME_END = bytes("://");
  private static final byte[] HTTP = bytes("http");
  private static final byte[] LAST_CHUNK = bytes("0\r\n");
  private static final byte[] VERSION_1_1 = bytes(" HTTP/1.1\r\n");
  private static final byte[] VERSION_1_0 = bytes(" HTTP/1.0\r\n");

  private static final int FIRST_STATUS = 100;
  private static final int STATUSES = 500;

  /** What follows the version in the status lines without a reason of their own. */
  private static final byte[][] STATUS_LINES = new byte[STATUSES][];

  static {
    for (int i = 0; i < STATUSES; i++) {
      int status = FIRST_STATUS + i;
      STATUS_LINES[i] = bytes(" " + status + " " + usualReason(status) + "\r\n");
    }
  }

  private final byte[] out;
  private int at;

  private HeadWriter(int size) {
    out = new byte[size];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(CharsetUtil.US_ASCII);
  }

  private static String usualReason(int status) {
    HttpResponseStatus known = HttpResponseStatus.valueOf(status);
    String reason = known.reasonPhrase();
    return reason.endsWith(")") ? "" : reason;
  }

  /**
   * A request head.
   *
   * @param version what to send as
   * @param extras what to add and leave out
   */
  static ByteBuf request(
      ByteBufAllocator alloc, RequestHead head, HttpVersion version, int extras) {
    boolean hostFromAuthority = writesHost(head);
    int options = hostFromAuthority ? extras | NO_HOST : extras;
    int size =
        head.method.length()
            + 1
            + (HTTP.length + head.scheme.length() + SCHEME_END.length)
            + head.authority.length()
            + head.path.length()
            + VERSION_1_1.length
            + (hostFromAuthority ? HOST_START.length + head.authority.length() + 2 : 0)
            + fieldsSize(head.headers, options)
            + extrasSize(options)
            + 2;
    HeadWriter writer = new HeadWriter(size);
    writer.add(head.method);
    writer.add(' ');
    writer.target(head);
    writer.add(version == HttpVersion.HTTP_1_0 ? VERSION_1_0 : VERSION_1_1);
    if (hostFromAuthority) {
      writer.add(HOST_START);
      writer.add(head.authority);
      writer.endLine();
    }
    return writer.rest(alloc, head.headers, options);
  }

  /**
   * RFC 9112, section 3.2: a request for an origin names its authority in the host field. With an
   * absolute target the field stays as it came: who reads the target ignores it.
   */
  private static boolean writesHost(RequestHead head) {
    if (head.authority.isEmpty()) {
      return false;
    }
    return switch (head.form) {
      case ORIGIN, ASTERISK -> true;
      case ABSOLUTE, AUTHORITY -> !head.headers.contains(HeaderNames.HOST);
    };
  }

  private void target(RequestHead head) {
    if (head.form == TargetForm.AUTHORITY) {
      add(head.authority);
      return;
    }
    boolean pathless = false;
    if (head.form == TargetForm.ABSOLUTE) {
      if (head.scheme.isEmpty()) {
        add(HTTP);
      } else {
        add(head.scheme);
      }
      add(SCHEME_END);
      add(head.authority);
      pathless = head.path.length() == 1 && head.path.byteAt(0) == '*';
    }
    if (!pathless) {
      add(head.path);
    }
  }

  /**
   * A response head.
   *
   * @param version what to send as
   * @param extras what to add and leave out
   */
  static ByteBuf response(
      ByteBufAllocator alloc, ResponseHead head, HttpVersion version, int extras) {
    byte[] line = statusLine(head);
    int size = version.text().length() + line.length + fieldsSize(head.headers, extras);
    HeadWriter writer = new HeadWriter(size + extrasSize(extras) + 2);
    writer.add(version == HttpVersion.HTTP_1_0 ? VERSION_1_0 : VERSION_1_1, 1, 8);
    writer.add(line);
    return writer.rest(alloc, head.headers, extras);
  }

  private static byte[] statusLine(ResponseHead head) {
    int index = head.status - FIRST_STATUS;
    boolean known = index >= 0 && index < STATUSES;
    AsciiString reason = head.reason;
    if (known && (reason == null || isUsual(STATUS_LINES[index], reason))) {
      return STATUS_LINES[index];
    }
    int length = reason == null ? 0 : reason.length();
    HeadWriter line = new HeadWriter(length + 7);
    line.add(' ');
    line.add('0' + head.status / 100 % 10);
    line.add('0' + head.status / 10 % 10);
    line.add('0' + head.status % 10);
    line.add(' ');
    if (reason != null) {
      line.add(reason);
    }
    line.endLine();
    return line.out;
  }

  private static boolean isUsual(byte[] line, AsciiString reason) {
    int length = reason.length();
    if (line.length != length + 7) {
      return false;
    }
    byte[] bytes = reason.array();
    int offset = reason.arrayOffset();
    for (int i = 0; i < length; i++) {
      if (line[i + 5] != bytes[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /** The last chunk and trailers. */
  static ByteBuf trailers(ByteBufAllocator alloc, HeaderBlock trailers) {
    HeadWriter writer =
        new HeadWriter(LAST_CHUNK.length + fieldsSize(trailers, NO_LENGTH | NO_HOST) + 2);
    writer.add(LAST_CHUNK);
    return writer.rest(alloc, trailers, NO_LENGTH | NO_HOST);
  }

  private static boolean isLeftOut(AsciiString name, int extras) {
    if (name == HeaderNames.CONNECTION || name == HeaderNames.UPGRADE) {
      return (extras & UPGRADE) == 0;
    }
    if (name == HeaderNames.CONTENT_LENGTH) {
      return (extras & NO_LENGTH) != 0;
    }
    if (name == HeaderNames.HOST) {
      return (extras & NO_HOST) != 0;
    }
    return name == HeaderNames.TRANSFER_ENCODING
        || name == HeaderNames.KEEP_ALIVE
        || name == HeaderNames.PROXY_CONNECTION;
  }

  private static int fieldsSize(HeaderBlock fields, int extras) {
    int size = 0;
    for (int i = 0; i < fields.size(); i++) {
      AsciiString name = fields.name(i);
      if (!isLeftOut(name, extras)) {
        size += name.length() + fields.value(i).length() + 4;
      }
    }
    return size;
  }

  private static int extrasSize(int extras) {
    return ((extras & CHUNKED) != 0 ? CHUNKED_LINE.length : 0)
        + ((extras & EMPTY) != 0 ? EMPTY_LINE.length : 0)
        + ((extras & CLOSE) != 0 ? CLOSE_LINE.length : 0)
        + ((extras & KEEP_ALIVE) != 0 ? KEEP_ALIVE_LINE.length : 0);
  }

  private ByteBuf rest(ByteBufAllocator alloc, HeaderBlock fields, int extras) {
    for (int i = 0; i < fields.size(); i++) {
      AsciiString name = fields.name(i);
      if (!isLeftOut(name, extras)) {
        add(name);
        add(':');
        add(' ');
        add(fields.value(i));
        endLine();
      }
    }
    if ((extras & CHUNKED) != 0) {
      add(CHUNKED_LINE);
    }
    if ((extras & EMPTY) != 0) {
      add(EMPTY_LINE);
    }
    if ((extras & CLOSE) != 0) {
      add(CLOSE_LINE);
    }
    if ((extras & KEEP_ALIVE) != 0) {
      add(KEEP_ALIVE_LINE);
    }
    endLine();
    return alloc.ioBuffer(at).writeBytes(out, 0, at);
  }

  private void add(int b) {
    out[at++] = (byte) b;
  }

  private void add(byte[] bytes) {
    add(bytes, 0, bytes.length);
  }

  private void add(byte[] bytes, int from, int length) {
    System.arraycopy(bytes, from, out, at, length);
    at += length;
  }

  private void add(AsciiString text) {
    add(text.array(), text.arrayOffset(), text.length());
  }

  private void endLine() {
    out[at++] = '\r';
    out[at++] = '\n';
  }
}
