package dev.weft.redirect.rules;

import java.util.List;

/**
 * What a nat table holds of the contract's chains.
 *
 * @param chains which of them exist
 * @param jumps the rules that lead into them, as {@code iptables-save} writes them
 */
public record SavedTable(List<String> chains, List<String> jumps) {
  /** A table nobody has touched. */
  public static final SavedTable EMPTY = new SavedTable(List.of(), List.of());

  public SavedTable {
    chains = List.copyOf(chains);
    jumps = List.copyOf(jumps);
  }

  /** Reads the output of {@code iptables-save -t nat}. */
  public static SavedTable parse(String saved) {
    List<String> lines = saved.lines().map(String::strip).toList();
    return new SavedTable(
        List.of(Rules.INBOUND, Rules.OUTBOUND).stream()
            .filter(chain -> lines.stream().anyMatch(line -> line.startsWith(":" + chain + " ")))
            .toList(),
        lines.stream()
            .filter(line -> leads(line, Rules.INBOUND_JUMP) || leads(line, Rules.OUTBOUND_JUMP))
            .toList());
  }

  boolean has(Rule jump) {
    return jumps.stream().anyMatch(line -> leads(line, jump));
  }

  private static boolean leads(String line, Rule jump) {
    return line.startsWith("-A " + jump.chain() + " ")
        && (line + " ").contains(" " + jump.match() + " ");
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return chains.isEmpty() && jumps.isEmpty();
  }
}
