package dev.weft.policy.route;

/** Comparisons of sequences that never make a String of the request's side. */
final class Chars {
  private Chars() {}

  static boolean equal(CharSequence actual, String expected) {
    return actual.length() == expected.length() && startsWith(actual, expected);
  }

  static boolean startsWith(CharSequence actual, String prefix) {
    return actual.length() >= prefix.length() && regionEqual(actual, 0, prefix);
  }

  /** Compares in place; the region must lie within {@code actual}. */
  static boolean regionEqual(CharSequence actual, int offset, String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (actual.charAt(offset + i) != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
