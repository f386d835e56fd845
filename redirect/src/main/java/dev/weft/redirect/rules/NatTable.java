package dev.weft.redirect.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes of a nat table as input of {@code iptables-restore --noflush}, which makes them all at
 * once or not at all. What others keep in the table stays.
 */
public final class NatTable {
  private NatTable() {}

  /**
   * Makes the contract's chains what the redirection says, whatever they were; doing it again
   * changes nothing.
   *
   * @param before what the table holds, so that no jump is there twice
   */
  public static String install(Redirection redirection, Family family, SavedTable before) {
    List<String> lines = new ArrayList<>();
    // Naming a chain here creates it, or empties it where it exists.
    lines.add(":" + Rules.INBOUND + " - [0:0]");
    lines.add(":" + Rules.OUTBOUND + " - [0:0]");
    Rules.inbound(redirection, family).forEach(rule -> lines.add(rule.line()));
    if (!before.has(Rules.INBOUND_JUMP)) {
      lines.add(Rules.INBOUND_JUMP.line());
    }
    Rules.outbound(redirection).forEach(rule -> lines.add(rule.line()));
    if (!before.has(Rules.OUTBOUND_JUMP)) {
      lines.add(Rules.OUTBOUND_JUMP.line());
    }
    return table(lines);
  }

  /** Takes away what {@link #install} left, however often it ran. */
  public static String remove(SavedTable before) {
    List<String> lines = new ArrayList<>();
    before.jumps().forEach(jump -> lines.add(jump.replaceFirst("^-A", "-D")));
    before.chains().forEach(chain -> lines.add("-F " + chain));
    before.chains().forEach(chain -> lines.add("-X " + chain));
    return table(lines);
  }

  private static String table(List<String> lines) {
    return "*nat\n" + String.join("\n", lines) + "\nCOMMIT\n";
  }
}
