package dev.weft.proxy.detect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the first bytes of a connection look like: HTTP/2 by its preface, HTTP/1 by a request line,
 * or neither.
 *
 * <p>The answer is given as soon as the bytes rule the alternatives out, so a request line that
 * arrives in pieces is waited for, while a protocol that differs in its first byte is known at
 * once. Deviates from facts/proxy.md 2.5, where one short read decides.
 */
public enum HttpHint {
  /** A request line of HTTP/1. */
  HTTP_1,
  /** The preface of HTTP/2. */
  HTTP_2,
  /** Anything else. */
  OTHER;

  /** Most bytes looked at; a request line that is longer is taken for one. */
  public static final int MAX_BYTES = 8 * 1024;

  private static final byte[] PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  /** Longer than any registered method (UPDATEREDIRECTREF has 17). */
  private static final int MAX_METHOD_CHARS = 32;

  /** Marks besides letters and digits that a token may hold (RFC 9110, 5.6.2). */
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  /**
   * Looks at the first bytes.
   *
   * @param bytes borrowed, not consumed
   * @param end whether no more will come, or fit
   * @return null if more bytes are needed
   */
  public static @Nullable HttpHint of(ByteBuf bytes, boolean end) {
    int length = bytes.readableBytes();
    int start = bytes.readerIndex();
    if (startsWith(bytes, start, length, PREFACE)) {
      return length >= PREFACE.length ? HTTP_2 : end ? OTHER : null;
    }
    int methodEnd = start;
    int limit = start + length;
    while (methodEnd < limit && isToken(bytes.getByte(methodEnd))) {
      methodEnd++;
    }
    if (methodEnd - start > MAX_METHOD_CHARS) {
      return OTHER;
    }
    if (methodEnd == limit) {
      return end ? OTHER : null;
    }
    if (methodEnd == start || bytes.getByte(methodEnd) != ' ') {
      return OTHER;
    }
    return target(bytes, methodEnd + 1, limit, end);
  }

  private static @Nullable HttpHint target(ByteBuf bytes, int start, int limit, boolean end) {
    int at = start;
    while (at < limit && bytes.getByte(at) > ' ' && bytes.getByte(at) < 0x7f) {
      at++;
    }
    if (at == limit) {
      // A long target is HTTP/1's to refuse; a short piece of one is nobody's.
      return !end ? null : at - start >= MAX_BYTES / 2 ? HTTP_1 : OTHER;
    }
    if (at == start || bytes.getByte(at) != ' ') {
      return OTHER;
    }
    at++;
    if (!startsWith(bytes, at, limit - at, VERSION)) {
      return OTHER;
    }
    int rest = limit - at - VERSION.length;
    if (rest <= 0) {
      return end ? OTHER : null;
    }
    byte minor = bytes.getByte(at + VERSION.length);
    return minor == '0' || minor == '1' ? HTTP_1 : OTHER;
  }

  /** Whether the bytes agree with {@code expected} as far as both go. */
  private static boolean startsWith(ByteBuf bytes, int start, int length, byte[] expected) {
    for (int i = 0; i < Math.min(length, expected.length); i++) {
      if (bytes.getByte(start + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isToken(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || TOKEN_MARKS.indexOf(b) >= 0;
  }
}
