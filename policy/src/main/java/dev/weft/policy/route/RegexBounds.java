package dev.weft.policy.route;

import dev.weft.policy.InvalidPolicyException;

/**
 * Estimates how large a regular expression becomes when it is compiled, before anybody compiles it:
 * nested counted repetitions multiply, so forty characters could ask for gigabytes.
 */
final class RegexBounds {
  /** Longest pattern accepted, in chars; the resources allow 4096 for a header value. */
  static final int MAX_LENGTH = 4096;

  /** Deepest nesting of groups accepted. */
  static final int MAX_DEPTH = 250;

  /** Largest program accepted, in instructions by estimate. */
  static final int MAX_SIZE = 20_000;

  private final String pattern;
  private int at;

  private RegexBounds(String pattern) {
    this.pattern = pattern;
  }

  /**
   * Checks the bounds; leaves all other faults to the compiler.
   *
   * @throws InvalidPolicyException when a bound is passed or a class uses set operations
   */
  static void check(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      throw new InvalidPolicyException(
          "regular expression of %d chars rejected; cause: longer than %d; fix: shorten it"
              .formatted(pattern.length(), MAX_LENGTH));
    }
    var bounds = new RegexBounds(pattern);
    while (bounds.at < pattern.length()) {
      bounds.sequence(0);
      bounds.at++; // an unbalanced ')' is the compiler's to report
    }
  }

  /** Size of a sequence of alternatives up to the end of the pattern or the closing parenthesis. */
  private long sequence(int depth) {
    if (depth > MAX_DEPTH) {
      throw refused("nested deeper than " + MAX_DEPTH + " groups", "flatten the groups");
    }
    long total = 1;
    long atom = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      switch (c) {
        case ')' -> {
          return total + atom;
        }
        case '(' -> {
          at++;
          total += atom;
          atom = sequence(depth + 1);
          at++;
        }
        case '[' -> {
          total += atom;
          atom = characterClass();
        }
        case '{' -> {
          atom = Math.max(1, atom) * repetition();
          bound(atom);
        }
        case '\\' -> {
          if (pattern.startsWith("Q", at + 1)) {
            throw refused("quoting with \\\\Q at offset " + at, "escape each character");
          }
          total += atom;
          atom = 1;
          at += 2;
        }
        default -> {
          total += atom;
          atom = 1;
          at++;
        }
      }
      bound(total + atom);
    }
    return total + atom;
  }

  /** Skips a character class and gives its size. */
  private long characterClass() {
    int start = at++;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    boolean first = true;
    while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
      first = false;
      char c = pattern.charAt(at);
      if (c == '[' && at + 1 < pattern.length() && pattern.charAt(at + 1) == ':') {
        int end = pattern.indexOf(":]", at + 2);
        at = end < 0 ? at + 1 : end + 2;
      } else if (c == '[' || isSetOperator(c)) {
        throw refused(
            "set operation in character class at offset " + at, "list the characters instead");
      } else {
        at += c == '\\' ? 2 : 1;
      }
    }
    at++;
    return 1 + Math.max(0, at - start) / 8;
  }

  private boolean isSetOperator(char c) {
    return (c == '&' || c == '~' || c == '-')
        && at + 1 < pattern.length()
        && pattern.charAt(at + 1) == c;
  }

  /** Skips {@code {n}}, {@code {n,}} or {@code {n,m}} and gives the largest count, at least 1. */
  private long repetition() {
    at++;
    long largest = 1;
    long number = 0;
    while (at < pattern.length() && pattern.charAt(at) != '}') {
      char c = pattern.charAt(at++);
      if (c >= '0' && c <= '9') {
        number = Math.min(number * 10 + (c - '0'), MAX_SIZE + 1L);
        largest = Math.max(largest, number);
      } else {
        number = 0;
      }
    }
    at++;
    return largest;
  }

  private void bound(long size) {
    if (size > MAX_SIZE) {
      throw refused("compiles to more than " + MAX_SIZE + " steps", "lower its repetition counts");
    }
  }

  private InvalidPolicyException refused(String cause, String fix) {
    return new InvalidPolicyException(
        "regular expression '%s' rejected; cause: %s; fix: %s".formatted(pattern, cause, fix));
  }
}
