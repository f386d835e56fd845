package dev.weft.proxy.trace;

import io.netty.util.AsciiString;

/** Hexadecimal numbers in headers. */
final class Hex {
  private static final byte[] DIGITS =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private Hex() {}

  /** Whether a part of a text has digits and {@code a} to {@code f} only. */
  static boolean isLower(AsciiString text, int from, int to) {
    for (int i = from; i < to; i++) {
      byte c = text.byteAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The same, with letters of either case. */
  static boolean isAny(AsciiString text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.digit(text.byteAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The number in a part of a text that was checked; nothing is 0. */
  static long read(AsciiString text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << 4 | Character.digit(text.byteAt(i), 16);
    }
    return number;
  }

  /** Writes the lowest digits of a number. */
  static void write(byte[] text, int at, int digits, long number) {
    long rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = DIGITS[(int) (rest & 0xf)];
      rest >>>= 4;
    }
  }
}
