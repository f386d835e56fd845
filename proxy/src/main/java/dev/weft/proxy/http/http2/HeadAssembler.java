package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Builds a head or trailers from the fields of one header block and judges whether it is well
 * formed (RFC 9113, sections 8.1 to 8.3 and 8.5). Runs on the connection's loop only; used for one
 * block after the other: {@link #begin}, fields, then the questions.
 *
 * <p>Fields beyond the list bound are not kept. Fields of {@code cookie} are joined to one (section
 * 8.2.3), and a {@code host} that differs from {@code :authority} is made equal to it (section
 * 8.3.1), so that nobody further on can be made to see another request than the policy saw.
 */
final class HeadAssembler implements HpackDecoder.Sink {
  private static final long NO_LENGTH = -1;
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString ASTERISK = AsciiString.cached("*");

  private final int maxListBytes;

  private HeaderBlock fields = new HeaderBlock();
  private int listBytes;
  private @Nullable String fault;
  private boolean pseudoSeen;
  private @Nullable AsciiString method;
  private @Nullable AsciiString scheme;
  private @Nullable AsciiString authority;
  private @Nullable AsciiString path;
  private @Nullable AsciiString status;
  private long contentLength;
  private int cookieAt;
  private boolean hostDiffers;

  /**
   * An assembler.
   *
   * @param maxListBytes the bound on names, values and 32 bytes for each field
   */
  HeadAssembler(int maxListBytes) {
    this.maxListBytes = maxListBytes;
  }

  void begin() {
    fields = new HeaderBlock();
    listBytes = 0;
    fault = null;
    pseudoSeen = false;
    method = null;
    scheme = null;
    authority = null;
    path = null;
    status = null;
    contentLength = NO_LENGTH;
    cookieAt = -1;
    hostDiffers = false;
  }

  @Override
  public void field(HpackField field, boolean sensitive) {
    listBytes += Math.min(field.size(), maxListBytes);
    if (isTooLarge()) {
      listBytes = maxListBytes + 1;
      return;
    }
    switch (field.kind) {
      case REGULAR -> keep(field, sensitive);
      case METHOD -> method = pseudo(method, field);
      case SCHEME -> scheme = pseudo(scheme, field);
      case AUTHORITY -> authority = pseudo(authority, field);
      case PATH -> path = pseudo(path, field);
      case STATUS -> status = pseudo(status, field);
      case OTHER_PSEUDO -> fail("undefined pseudo-header field");
      case HOST -> host(field, sensitive);
      case COOKIE -> cookie(field, sensitive);
      case CONTENT_LENGTH -> contentLength(field);
      case TE -> {
        if (!TRAILERS.contentEqualsIgnoreCase(field.value)) {
          fail("te field other than trailers");
        }
        keep(field, sensitive);
      }
      case CONNECTION_SPECIFIC -> fail("connection-specific field " + field.name);
      case BAD_NAME -> fail("field name with a forbidden character");
      case BAD_VALUE -> fail("field value with a forbidden character");
    }
  }

  private void keep(HpackField field, boolean sensitive) {
    if (sensitive) {
      fields.addSensitive(field.name, field.value);
    } else {
      fields.add(field.name, field.value);
    }
  }

  private AsciiString pseudo(@Nullable AsciiString before, HpackField field) {
    if (before != null) {
      fail("pseudo-header field twice");
    }
    if (!fields.isEmpty()) {
      fail("pseudo-header field after a regular one");
    }
    pseudoSeen = true;
    return field.value;
  }

  private void host(HpackField field, boolean sensitive) {
    if (fields.contains(HeaderNames.HOST)) {
      fail("host field twice");
    }
    hostDiffers = authority != null && !authority.contentEqualsIgnoreCase(field.value);
    keep(field, sensitive);
  }

  private void cookie(HpackField field, boolean sensitive) {
    if (cookieAt < 0) {
      cookieAt = fields.size();
      keep(field, sensitive);
      return;
    }
    AsciiString before = fields.value(cookieAt);
    byte[] joined = new byte[before.length() + 2 + field.value.length()];
    before.copy(0, joined, 0, before.length());
    field.value.copy(0, joined, before.length() + 2, field.value.length());
    joined[before.length()] = ';';
    joined[before.length() + 1] = ' ';
    fields.value(cookieAt, new AsciiString(joined, false));
  }

  private void contentLength(HpackField field) {
    long length = parseLength(field.value);
    if (length < 0) {
      fail("content-length is not a number");
    } else if (contentLength == NO_LENGTH) {
      contentLength = length;
      fields.add(field.name, field.value);
    } else if (contentLength != length) {
      fail("two different content-length fields");
    }
  }

  private static long parseLength(AsciiString digits) {
    if (digits.isEmpty() || digits.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.byteAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private void fail(String cause) {
    if (fault == null) {
      fault = cause;
    }
  }

  /** Whether the list was longer than allowed; then nothing else is worth asking. */
  boolean isTooLarge() {
    return listBytes > maxListBytes;
  }

  /** The {@code content-length} of the block, or -1. */
  long contentLength() {
    return contentLength;
  }

  /** What is wrong with the block so far, or null; complete after one of the building methods. */
  @Nullable String fault() {
    return fault;
  }

  /** The request head, or null with a {@link #fault}. */
  @Nullable RequestHead request() {
    AsciiString name = method;
    if (status != null) {
      fail("response field in a request");
    }
    if (name == null) {
      fail("request without :method");
      return null;
    }
    if (!isToken(name)) {
      fail(":method is not a token");
    }
    AsciiString to = authority == null ? AsciiString.EMPTY_STRING : authority;
    if (!isAuthority(to)) {
      fail(":authority with a forbidden character");
    }
    boolean connect = Methods.CONNECT.equals(name);
    if (connect) {
      checkConnectTarget(to);
    } else {
      checkTarget(name);
    }
    if (fault != null) {
      return null;
    }
    if (hostDiffers && !to.isEmpty()) {
      fields.set(HeaderNames.HOST, to);
    }
    RequestHead head =
        new RequestHead(
            HttpVersion.HTTP_2,
            Methods.of(name),
            connect
                ? TargetForm.AUTHORITY
                : ASTERISK.equals(path) ? TargetForm.ASTERISK : TargetForm.ORIGIN,
            scheme == null ? AsciiString.EMPTY_STRING : scheme,
            to,
            path == null ? AsciiString.EMPTY_STRING : path,
            fields);
    head.upgrade = connect;
    return head;
  }

  private void checkConnectTarget(AsciiString to) {
    if (scheme != null || path != null) {
      fail("CONNECT with :scheme or :path");
    }
    if (to.isEmpty()) {
      fail("CONNECT without :authority");
    }
  }

  private void checkTarget(AsciiString name) {
    AsciiString target = path;
    AsciiString kind = scheme;
    if (target == null || target.isEmpty()) {
      fail("request without :path");
    } else if (!isPath(target) && !(ASTERISK.equals(target) && Methods.OPTIONS.equals(name))) {
      fail(":path is not a path");
    }
    if (kind == null) {
      fail("request without :scheme");
    } else if (!isScheme(kind)) {
      fail(":scheme is not a scheme");
    }
  }

  /** The response head, or null with a {@link #fault}. */
  @Nullable ResponseHead response() {
    if (method != null || scheme != null || authority != null || path != null) {
      fail("request field in a response");
    }
    int code = status == null ? -1 : parseStatus(status);
    if (code < 0) {
      fail("response without a valid :status");
    } else if (code == 101) {
      fail("status 101 in HTTP/2");
    }
    return fault != null ? null : new ResponseHead(HttpVersion.HTTP_2, code, null, fields);
  }

  private static int parseStatus(AsciiString digits) {
    long code = digits.length() == 3 ? parseLength(digits) : -1;
    return code >= 100 ? (int) code : -1;
  }

  /** The trailers, or null with a {@link #fault}. */
  @Nullable HeaderBlock trailers() {
    if (pseudoSeen) {
      fail("pseudo-header field in trailers");
    }
    return fault != null ? null : fields;
  }

  private static boolean isToken(AsciiString text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.byteAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isScheme(AsciiString text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.byteAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.');
      if (!letter && !other) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** No blank, which would end the target of an HTTP/1 request line, and no fragment. */
  private static boolean isPath(AsciiString text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.byteAt(i);
      if (c == ' ' || c == '\t' || c == '#') {
        return false;
      }
    }
    return text.byteAt(0) == '/';
  }

  /** No user information (RFC 9113, section 8.3.1) and nothing that starts another URI part. */
  private static boolean isAuthority(AsciiString text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.byteAt(i);
      if (c <= ' ' || c == '/' || c == '?' || c == '#' || c == '@' || c == '\\' || c == ',') {
        return false;
      }
    }
    return true;
  }
}
