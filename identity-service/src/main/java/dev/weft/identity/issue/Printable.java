package dev.weft.identity.issue;

import dev.weft.mesh.Dns1123;

/** Makes text from the network fit for a log line and a status message: short, printable ASCII. */
final class Printable {
  private Printable() {}

  static String of(String text) {
    boolean tooLong = text.length() > Dns1123.MAX_SUBDOMAIN_LENGTH;
    String head = tooLong ? text.substring(0, Dns1123.MAX_SUBDOMAIN_LENGTH) : text;
    return head.replaceAll("[^\\x20-\\x7e]", "?") + (tooLong ? "..." : "");
  }
}
