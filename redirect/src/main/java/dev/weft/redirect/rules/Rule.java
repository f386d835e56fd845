package dev.weft.redirect.rules;

/**
 * One rule at the end of a chain.
 *
 * @param chain the chain
 * @param match what it applies to and what becomes of it, as iptables' arguments
 * @param tag what it is for, kept in the table as a comment {@code proxy-init/TAG}
 */
record Rule(String chain, String match, String tag) {
  /** As {@code iptables-restore} reads it. */
  String line() {
    return "-A " + chain + " " + match + " -m comment --comment proxy-init/" + tag;
  }
}
