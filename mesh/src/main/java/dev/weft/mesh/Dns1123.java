package dev.weft.mesh;

import java.util.regex.Pattern;

/** The two name grammars of RFC 1123 which Kubernetes uses, as plain checks without allocation. */
public final class Dns1123 {
  /** Longest label, in characters. */
  public static final int MAX_LABEL_LENGTH = 63;

  /** Longest subdomain, in characters. */
  public static final int MAX_SUBDOMAIN_LENGTH = 253;

  private static final Pattern DOT = Pattern.compile(".", Pattern.LITERAL);

  private Dns1123() {}

  /**
   * Whether the text is a label: lower-case letters, digits and inner hyphens, 1 to 63 characters.
   */
  public static boolean isLabel(CharSequence text) {
    int length = text.length();
    if (length == 0 || length > MAX_LABEL_LENGTH) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!alphanumeric && (c != '-' || i == 0 || i == length - 1)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the text is a subdomain: labels of any length joined by single dots, 253 characters.
   */
  public static boolean isSubdomain(CharSequence text) {
    if (text.length() == 0 || text.length() > MAX_SUBDOMAIN_LENGTH) {
      return false;
    }
    for (String part : DOT.split(text, -1)) {
      if (!isLabel(part)) {
        return false;
      }
    }
    return true;
  }

  static String requireLabel(String what, String text) {
    if (!isLabel(text)) {
      throw new IllegalArgumentException(
          what
              + " '"
              + text
              + "' refused; cause: not a DNS-1123 label; fix: use 1 to 63 lower-case letters,"
              + " digits and inner hyphens");
    }
    return text;
  }

  static String requireSubdomain(String what, String text) {
    if (!isSubdomain(text)) {
      throw new IllegalArgumentException(
          what
              + " '"
              + text
              + "' refused; cause: not a DNS-1123 subdomain; fix: use labels of lower-case letters,"
              + " digits and inner hyphens, joined by dots, at most 253 characters");
    }
    return text;
  }
}
