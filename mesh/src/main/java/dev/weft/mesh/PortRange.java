package dev.weft.mesh;

/**
 * An inclusive range of ports.
 *
 * @param first the lowest, 0 to 65535
 * @param last the highest, not below the first
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
  /** The highest port there is. */
  public static final int MAX_PORT = 65535;

  /** Checks the bounds. */
  public PortRange {
    if (first < 0 || last > MAX_PORT || first > last) {
      throw new IllegalArgumentException(
          "port range " + first + "-" + last + " refused; fix: 0 <= first <= last <= 65535");
    }
  }

  /** Whether the port lies in the range. */
  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  @Override
  public int compareTo(PortRange other) {
    int byFirst = Integer.compare(first, other.first);
    return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
  }

  /** {@code 25} or {@code 1000-2000}. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
