package dev.weft.mesh;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as a value, read from literals only: nothing here asks a name server.
 *
 * <p>Zone suffixes ({@code fe80::1%eth0}) are refused: an address with a zone means something on
 * one machine only. An IPv4-mapped IPv6 address stays IPv6 until {@link #unmapped()}.
 */
public final class IpAddr implements Comparable<IpAddr> {
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int V6_GROUPS = 8;
  private static final long MAPPED_PREFIX = 0xffffL;
  private static final long LOW_32_BITS = 0xffff_ffffL;

  private final boolean v6;
  private final long high;
  private final long low;

  private IpAddr(boolean v6, long high, long low) {
    this.v6 = v6;
    this.high = high;
    this.low = low;
  }

  /** The IPv4 address of these 32 bits, most significant octet first. */
  public static IpAddr v4(int bits) {
    return new IpAddr(false, 0, bits & LOW_32_BITS);
  }

  /** The IPv6 address of these two halves, most significant bits first. */
  public static IpAddr v6(long high, long low) {
    return new IpAddr(true, high, low);
  }

  /**
   * The address of 4 or 16 bytes in network order.
   *
   * @throws IllegalArgumentException for another length
   */
  public static IpAddr of(byte[] bytes) {
    return switch (bytes.length) {
      case V4_BYTES -> new IpAddr(false, 0, read(bytes, 0, V4_BYTES));
      case V6_BYTES -> new IpAddr(true, read(bytes, 0, 8), read(bytes, 8, 8));
      default ->
          throw new IllegalArgumentException(
              "an address of " + bytes.length + " bytes refused; fix: 4 or 16 bytes");
    };
  }

  /** The address of a socket's peer; a zone is dropped. */
  public static IpAddr of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * Reads a literal.
   *
   * @throws IllegalArgumentException if the text is no IPv4 or IPv6 literal
   */
  public static IpAddr parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' refused; cause: neither an IPv4 nor an IPv6 literal"));
  }

  /** Reads a literal; empty if the text is none. */
  public static Optional<IpAddr> tryParse(String text) {
    if (text.indexOf(':') >= 0) {
      return parseV6(text);
    }
    long bits = parseV4(text);
    return bits < 0 ? Optional.empty() : Optional.of(new IpAddr(false, 0, bits));
  }

  /** Four decimal octets without leading zeros, or -1. */
  private static long parseV4(String text) {
    if (text.length() > 15) {
      return -1;
    }
    long bits = 0;
    int octets = 0;
    int at = 0;
    while (at <= text.length()) {
      int start = at;
      int value = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + (text.charAt(at) - '0');
        at++;
      }
      int digits = at - start;
      boolean ends = at == text.length() || text.charAt(at) == '.';
      if (digits == 0 || !ends || value > 255 || (digits > 1 && text.charAt(start) == '0')) {
        return -1;
      }
      bits = bits << 8 | value;
      octets++;
      at++;
    }
    return octets == V4_BYTES ? bits : -1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Optional<IpAddr> parseV6(String text) {
    if (text.length() > 45) {
      return Optional.empty();
    }
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    int[] groups = new int[V6_GROUPS];
    if (gap < 0) {
      if (readGroups(text, groups) != V6_GROUPS) {
        return Optional.empty();
      }
    } else {
      int[] tail = new int[V6_GROUPS];
      int before = readGroups(text.substring(0, gap), groups);
      int after = readGroups(text.substring(gap + 2), tail);
      boolean dottedBeforeGap = text.substring(0, gap).indexOf('.') >= 0;
      if (before < 0 || after < 0 || before + after > V6_GROUPS - 1 || dottedBeforeGap) {
        return Optional.empty();
      }
      Arrays.fill(groups, before, V6_GROUPS, 0);
      System.arraycopy(tail, 0, groups, V6_GROUPS - after, after);
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[4 + i];
    }
    return Optional.of(new IpAddr(true, high, low));
  }

  /** How many groups the text holds, its last perhaps written as IPv4; -1 upon any error. */
  private static int readGroups(String text, int[] groups) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (last && parts[i].indexOf('.') >= 0) {
        long bits = parseV4(parts[i]);
        if (bits < 0 || count + 2 > V6_GROUPS) {
          return -1;
        }
        groups[count++] = (int) (bits >>> 16);
        groups[count++] = (int) (bits & 0xffff);
      } else {
        int group = hexGroup(parts[i]);
        if (group < 0 || count == V6_GROUPS) {
          return -1;
        }
        groups[count++] = group;
      }
    }
    return count;
  }

  private static int hexGroup(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static long read(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  /** Whether this is an IPv6 address, mapped ones included. */
  public boolean isV6() {
    return v6;
  }

  /** Whether this is an IPv4 address. */
  public boolean isV4() {
    return !v6;
  }

  /** The 32 bits of an IPv4 address, most significant octet first; the last 32 of an IPv6 one. */
  public int v4Bits() {
    return (int) low;
  }

  /** The first 64 bits of an IPv6 address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The last 64 bits of an IPv6 address; the 32 bits of an IPv4 one, unsigned. */
  public long low() {
    return low;
  }

  /** The IPv4 address which {@code ::ffff:a.b.c.d} wraps, else this address itself. */
  public IpAddr unmapped() {
    boolean mapped = v6 && high == 0 && low >>> 32 == MAPPED_PREFIX;
    return mapped ? new IpAddr(false, 0, low & LOW_32_BITS) : this;
  }

  /** Whether this is in {@code 127.0.0.0/8} (mapped or not) or {@code ::1}. */
  public boolean isLoopback() {
    IpAddr plain = unmapped();
    return plain.v6 ? high == 0 && low == 1 : plain.low >>> 24 == 127;
  }

  /** Whether this is {@code 0.0.0.0} or {@code ::}. */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** The 4 or 16 bytes in network order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[v6 ? V6_BYTES : V4_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      bytes[i] = (byte) (fromEnd >= 8 ? high >>> (8 * (fromEnd - 8)) : low >>> (8 * fromEnd));
    }
    return bytes;
  }

  /** The same address for the socket API, which turns a mapped address into IPv4. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /** IPv4 before IPv6, then by value. */
  @Override
  public int compareTo(IpAddr other) {
    if (v6 != other.v6) {
      return v6 ? 1 : -1;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddr that && v6 == that.v6 && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(high) + Long.hashCode(low)) + Boolean.hashCode(v6);
  }

  /** The canonical text: dotted quad, or RFC 5952 (mapped addresses with a dotted end). */
  @Override
  public String toString() {
    if (!v6) {
      return dotted(low);
    }
    if (high == 0 && low >>> 32 == MAPPED_PREFIX) {
      return "::ffff:" + dotted(low & LOW_32_BITS);
    }
    int[] groups = new int[V6_GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      groups[4 + i] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < V6_GROUPS; i++) {
      int run = 0;
      while (i + run < V6_GROUPS && groups[i + run] == 0) {
        run++;
      }
      if (run > gapLength) {
        gapStart = i;
        gapLength = run;
      }
      i += run;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < V6_GROUPS; i++) {
      if (i == gapStart) {
        text.append("::");
        i += gapLength - 1;
      } else {
        if (i > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static String dotted(long bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
