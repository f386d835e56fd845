package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;

/**
 * What a header field means to the codec; known once per name, so the rest of the work is cheap.
 */
enum FieldKind {
  REGULAR,
  METHOD,
  SCHEME,
  AUTHORITY,
  PATH,
  STATUS,
  /** A pseudo-header field that is not defined here. */
  OTHER_PSEUDO,
  HOST,
  COOKIE,
  CONTENT_LENGTH,
  TE,
  /** Must not occur in HTTP/2 (RFC 9113, section 8.2.2). */
  CONNECTION_SPECIFIC,
  /** The name holds a character it must not. */
  BAD_NAME,
  /** The value holds a character it must not. */
  BAD_VALUE;

  static final AsciiString METHOD_NAME = AsciiString.cached(":method");
  static final AsciiString SCHEME_NAME = AsciiString.cached(":scheme");
  static final AsciiString AUTHORITY_NAME = AsciiString.cached(":authority");
  static final AsciiString PATH_NAME = AsciiString.cached(":path");
  static final AsciiString STATUS_NAME = AsciiString.cached(":status");

  private static final boolean[] NAME_BYTES = nameBytes();

  /** The characters of a token (RFC 9110, section 5.6.2) less the upper-case letters. */
  private static boolean[] nameBytes() {
    boolean[] valid = new boolean[256];
    for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".toCharArray()) {
      valid[c] = true;
    }
    return valid;
  }

  /** The kind of a name; a name of {@link HeaderNames} must be that very instance. */
  static FieldKind ofName(AsciiString name) {
    if (name.isEmpty()) {
      return BAD_NAME;
    }
    if (name.byteAt(0) == ':') {
      return ofPseudo(name);
    }
    if (name == HeaderNames.COOKIE) {
      return COOKIE;
    }
    if (name == HeaderNames.CONTENT_LENGTH) {
      return CONTENT_LENGTH;
    }
    if (name == HeaderNames.HOST) {
      return HOST;
    }
    if (name == HeaderNames.TE) {
      return TE;
    }
    if (isConnectionSpecific(name)) {
      return CONNECTION_SPECIFIC;
    }
    byte[] bytes = name.array();
    int end = name.arrayOffset() + name.length();
    for (int i = name.arrayOffset(); i < end; i++) {
      if (!NAME_BYTES[bytes[i] & 0xff]) {
        return BAD_NAME;
      }
    }
    return REGULAR;
  }

  static boolean isConnectionSpecific(AsciiString name) {
    return name == HeaderNames.CONNECTION
        || name == HeaderNames.TRANSFER_ENCODING
        || name == HeaderNames.UPGRADE
        || name == HeaderNames.KEEP_ALIVE
        || name == HeaderNames.PROXY_CONNECTION;
  }

  private static FieldKind ofPseudo(AsciiString name) {
    if (name.equals(METHOD_NAME)) {
      return METHOD;
    }
    if (name.equals(PATH_NAME)) {
      return PATH;
    }
    if (name.equals(AUTHORITY_NAME)) {
      return AUTHORITY;
    }
    if (name.equals(SCHEME_NAME)) {
      return SCHEME;
    }
    return name.equals(STATUS_NAME) ? STATUS : OTHER_PSEUDO;
  }

  /**
   * Whether a value may be passed on: no control character but the tabulator, and no white space
   * around it. Stricter than RFC 9113, section 8.2.1, because the value may go out as HTTP/1.
   */
  static boolean isValidValue(AsciiString value) {
    byte[] bytes = value.array();
    int start = value.arrayOffset();
    int end = start + value.length();
    for (int i = start; i < end; i++) {
      int b = bytes[i];
      if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7f) {
        return false;
      }
    }
    return start == end || (!isSpace(bytes[start]) && !isSpace(bytes[end - 1]));
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }
}
