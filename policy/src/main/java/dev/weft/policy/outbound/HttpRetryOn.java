package dev.weft.policy.outbound;

import java.util.List;

/**
 * Which HTTP answers are repeated.
 *
 * @param statuses ranges of status codes; none repeats no status
 */
public record HttpRetryOn(List<StatusRange> statuses) {
  /** Copies the list. */
  public HttpRetryOn {
    statuses = List.copyOf(statuses);
  }

  /** Whether answers of this status are repeated. */
  public boolean contains(int status) {
    for (int i = 0; i < statuses.size(); i++) {
      StatusRange range = statuses.get(i);
      if (range.first() <= status && status <= range.last()) {
        return true;
      }
    }
    return false;
  }

  /**
   * An inclusive range of status codes.
   *
   * @param first the lowest, at least 1
   * @param last the highest, at most 599 and not below the first
   */
  public record StatusRange(int first, int last) {
    /** Checks the bounds. */
    public StatusRange {
      if (first < 1 || last > 599 || first > last) {
        throw new IllegalArgumentException(
            "status range " + first + "-" + last + " refused; fix: 1 <= first <= last <= 599");
      }
    }
  }
}
