package dev.weft.proxy.http.http1;

/** Which bytes may stand where in a head. Source: RFC 9110, section 5; RFC 3986, section 3.2. */
final class Chars {
  /** The lower-case form of a token character (names, methods); 0 for all other bytes. */
  private static final byte[] TOKEN = new byte[256];

  private static final byte VALUE = 1;
  private static final byte TARGET = 2;
  private static final byte HOST = 4;
  private static final byte[] KINDS = new byte[256];

  static {
    mark("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");
    for (int c = 'A'; c <= 'Z'; c++) {
      TOKEN[c] = (byte) (c + 32);
    }
    for (int c = 0; c < 256; c++) {
      boolean visible = c > 0x20 && c != 0x7F;
      if (visible || c == ' ' || c == '\t') {
        KINDS[c] |= VALUE;
      }
      if (visible && c != '#') {
        KINDS[c] |= TARGET;
      }
      if (c < 0x7F && (Character.isLetterOrDigit(c) || "-._~%!$&'()*+,;=".indexOf(c) >= 0)) {
        KINDS[c] |= HOST;
      }
    }
  }

  private Chars() {}

  private static void mark(String token) {
    for (int i = 0; i < token.length(); i++) {
      TOKEN[token.charAt(i)] = (byte) token.charAt(i);
    }
  }

  /** The lower-case form of a token character, or 0. */
  static byte lowerToken(byte b) {
    return TOKEN[b & 0xFF];
  }

  /** Visible characters, space, tab and obs-text. */
  static boolean isValue(byte b) {
    return (KINDS[b & 0xFF] & VALUE) != 0;
  }

  /**
   * Characters of a request target. More than RFC 3986 allows, as servers take raw UTF-8, braces
   * and bars too; a fragment would be read differently by different servers and is not allowed.
   */
  static boolean isTarget(byte b) {
    return (KINDS[b & 0xFF] & TARGET) != 0;
  }

  /** Characters of a registered name or IPv4 address. */
  static boolean isHost(byte b) {
    return (KINDS[b & 0xFF] & HOST) != 0;
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
