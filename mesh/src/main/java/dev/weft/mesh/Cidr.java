package dev.weft.mesh;

import java.util.Optional;

/**
 * A block of addresses, {@code 10.0.0.0/8}. Host bits of the address are kept as written, since the
 * contract sends them as written; they do not count in {@link #contains}.
 *
 * @param address any address of the block
 * @param prefixLength leading bits that decide, 0 to 32 for IPv4 and to 128 for IPv6
 */
public record Cidr(IpAddr address, int prefixLength) {
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  /** Every IPv4 address. */
  public static final Cidr ALL_V4 = new Cidr(IpAddr.v4(0), 0);

  /** Every IPv6 address. */
  public static final Cidr ALL_V6 = new Cidr(IpAddr.v6(0, 0), 0);

  /** Checks the prefix length. */
  public Cidr {
    if (prefixLength < 0 || prefixLength > bits(address)) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " refused; fix: 0 to " + bits(address));
    }
  }

  /** The block of one address, {@code /32} or {@code /128}. */
  public static Cidr of(IpAddr address) {
    return new Cidr(address, bits(address));
  }

  /**
   * Reads a block or a bare address.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static Cidr parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' refused; cause: neither a CIDR block nor an IP address"));
  }

  /** Reads a block or a bare address; empty if the text is neither. */
  public static Optional<Cidr> tryParse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpAddr.tryParse(text).map(Cidr::of);
    }
    String digits = text.substring(slash + 1);
    boolean plain =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!plain) {
      return Optional.empty();
    }
    int length = Integer.parseInt(digits);
    return IpAddr.tryParse(text.substring(0, slash))
        .filter(address -> length <= bits(address))
        .map(address -> new Cidr(address, length));
  }

  /**
   * Whether the address lies in the block. Families do not mix, but a mapped address ({@code
   * ::ffff:10.0.0.1}) lies also in the IPv4 blocks of what it wraps.
   */
  public boolean contains(IpAddr candidate) {
    IpAddr other = address.isV4() ? candidate.unmapped() : candidate;
    return address.isV6() == other.isV6() && samePrefix(other, prefixLength);
  }

  /** Whether every address of the other block lies in this one. */
  public boolean containsAll(Cidr other) {
    return address.isV6() == other.address.isV6()
        && prefixLength <= other.prefixLength
        && samePrefix(other.address, prefixLength);
  }

  /** Whether some address lies in both blocks. */
  public boolean overlaps(Cidr other) {
    return containsAll(other) || other.containsAll(this);
  }

  /** The same block with its host bits cleared. */
  public Cidr masked() {
    if (address.isV4()) {
      long mask = prefixLength == 0 ? 0 : -1L << (V4_BITS - prefixLength);
      return new Cidr(IpAddr.v4((int) (address.low() & mask)), prefixLength);
    }
    long highMask = mask64(Math.min(prefixLength, 64));
    long lowMask = mask64(Math.max(prefixLength - 64, 0));
    return new Cidr(IpAddr.v6(address.high() & highMask, address.low() & lowMask), prefixLength);
  }

  private boolean samePrefix(IpAddr other, int length) {
    if (address.isV4()) {
      return length == 0 || (address.low() ^ other.low()) >>> (V4_BITS - length) == 0;
    }
    long highMask = mask64(Math.min(length, 64));
    long lowMask = mask64(Math.max(length - 64, 0));
    return ((address.high() ^ other.high()) & highMask) == 0
        && ((address.low() ^ other.low()) & lowMask) == 0;
  }

  private static long mask64(int length) {
    return length == 0 ? 0 : -1L << (64 - length);
  }

  private static int bits(IpAddr address) {
    return address.isV6() ? V6_BITS : V4_BITS;
  }

  /** {@code address/prefixLength}. */
  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
