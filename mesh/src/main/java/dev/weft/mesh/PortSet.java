package dev.weft.mesh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A set of ports, kept as sorted ranges that neither touch nor overlap; equal sets are equal
 * objects.
 *
 * <p>Written as {@code 25,587,1000-2000}. The contract reads that syntax in two ways: destination
 * skips what it cannot read and knows names ({@link #parseTolerant}); policy gives up the whole set
 * upon any error ({@link #parseStrict}).
 */
public final class PortSet {
  /** No port. */
  public static final PortSet EMPTY = new PortSet(new int[0]);

  /** Every port. */
  public static final PortSet ALL = new PortSet(new int[] {0, PortRange.MAX_PORT});

  /** The opaque ports of the mesh unless configured otherwise. */
  public static final PortSet DEFAULT_OPAQUE = of(25, 587, 3306, 4444, 5432, 6379, 9300, 11211);

  /** Pairs of first and last, ascending. */
  private final int[] bounds;

  private PortSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** The set of these ports. */
  public static PortSet of(int... ports) {
    List<PortRange> ranges = new ArrayList<>(ports.length);
    for (int port : ports) {
      ranges.add(new PortRange(port, port));
    }
    return ofRanges(ranges);
  }

  /** The union of these ranges, in any order. */
  public static PortSet ofRanges(Collection<PortRange> ranges) {
    if (ranges.isEmpty()) {
      return EMPTY;
    }
    int[] merged = new int[2 * ranges.size()];
    int used = 0;
    for (PortRange range : new TreeSet<>(ranges)) {
      if (used > 0 && range.first() <= merged[used - 1] + 1) {
        merged[used - 1] = Math.max(merged[used - 1], range.last());
      } else {
        merged[used++] = range.first();
        merged[used++] = range.last();
      }
    }
    return new PortSet(Arrays.copyOf(merged, used));
  }

  /**
   * What a tolerant reading found.
   *
   * @param ports the ports of all readable items
   * @param problems one sentence for each item that was skipped, without its neighbours
   */
  public record Parsed(PortSet ports, List<String> problems) {
    /** Copies the list. */
    public Parsed {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads a list the way destination does: blanks trimmed, one trailing comma allowed, names before
   * ranges, unreadable items skipped and told.
   *
   * @param text the annotation's value; empty means no port
   * @param names port names and the numbers they stand for
   */
  public static Parsed parseTolerant(
      String text, Map<String, ? extends Collection<Integer>> names) {
    List<PortRange> ranges = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    String[] items = text.split(",", -1);
    int count = items[items.length - 1].isBlank() ? items.length - 1 : items.length;
    for (int i = 0; i < count; i++) {
      String item = items[i].strip();
      Collection<Integer> named = names.get(item);
      if (named != null) {
        for (int port : named) {
          ranges.add(new PortRange(port, port));
        }
        continue;
      }
      Optional<PortRange> range = parseItem(item);
      if (range.isPresent()) {
        ranges.add(range.get());
      } else {
        problems.add("'" + item + "' is neither a port, nor a range, nor a known port name");
      }
    }
    return new Parsed(ofRanges(ranges), problems);
  }

  /** As {@link #parseTolerant(String, Map)}, where no port has a name. */
  public static Parsed parseTolerant(String text) {
    return parseTolerant(text, Map.of());
  }

  /**
   * Reads a list the way policy does: blanks allowed, no names, any other error refuses the whole.
   *
   * @return empty upon a syntax error; the empty set for a blank text
   */
  public static Optional<PortSet> parseStrict(String text) {
    if (text.isBlank()) {
      return Optional.of(EMPTY);
    }
    List<PortRange> ranges = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      Optional<PortRange> range = parseItem(item.strip());
      if (range.isEmpty()) {
        return Optional.empty();
      }
      ranges.add(range.get());
    }
    return Optional.of(ofRanges(ranges));
  }

  private static Optional<PortRange> parseItem(String item) {
    int dash = item.indexOf('-');
    int first = port(dash < 0 ? item : item.substring(0, dash).strip());
    int last = dash < 0 ? first : port(item.substring(dash + 1).strip());
    if (first < 0 || last < first) {
      return Optional.empty();
    }
    return Optional.of(new PortRange(first, last));
  }

  /** The number, or -1 where the text is no port. */
  private static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= PortRange.MAX_PORT ? value : -1;
  }

  /** Whether the port is in the set; logarithmic in the number of ranges. */
  public boolean contains(int port) {
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (port < bounds[2 * middle]) {
        high = middle - 1;
      } else if (port > bounds[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Whether no port is in the set. */
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** The ranges, ascending, neither touching nor overlapping. */
  public List<PortRange> ranges() {
    List<PortRange> ranges = new ArrayList<>(bounds.length / 2);
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(new PortRange(bounds[i], bounds[i + 1]));
    }
    return List.copyOf(ranges);
  }

  /** The ports of both sets. */
  public PortSet union(PortSet other) {
    List<PortRange> all = new ArrayList<>(ranges());
    all.addAll(other.ranges());
    return ofRanges(all);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PortSet that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** The canonical text, which both parsers read back; empty for the empty set. */
  @Override
  public String toString() {
    return ranges().stream().map(PortRange::toString).collect(Collectors.joining(","));
  }
}
