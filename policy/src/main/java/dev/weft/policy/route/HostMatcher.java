package dev.weft.policy.route;

/**
 * Holds one host condition against an authority without copying it.
 *
 * @param text host or domain, lower case
 * @param suffix whether at least one more label must precede the text
 */
record HostMatcher(String text, boolean suffix) {
  boolean matches(CharSequence authority) {
    int start = hostStart(authority);
    int end = hostEnd(authority, start);
    if (end > start && authority.charAt(end - 1) == '.' && !text.endsWith(".")) {
      end--;
    }
    if (!suffix) {
      return end - start == text.length() && sameAt(authority, start);
    }
    if (text.isEmpty()) {
      return end > start;
    }
    int dot = end - text.length() - 1;
    return dot > start && authority.charAt(dot) == '.' && sameAt(authority, dot + 1);
  }

  private boolean sameAt(CharSequence authority, int offset) {
    for (int i = 0; i < text.length(); i++) {
      char c = authority.charAt(offset + i);
      if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Skips user information. */
  private static int hostStart(CharSequence authority) {
    for (int i = authority.length() - 1; i >= 0; i--) {
      if (authority.charAt(i) == '@') {
        return i + 1;
      }
    }
    return 0;
  }

  /** Cuts the port; an IPv6 literal keeps its brackets. */
  private static int hostEnd(CharSequence authority, int start) {
    for (int i = authority.length() - 1; i >= start; i--) {
      char c = authority.charAt(i);
      if (c == ':') {
        return i;
      }
      if (c == ']') {
        break;
      }
    }
    return authority.length();
  }
}
