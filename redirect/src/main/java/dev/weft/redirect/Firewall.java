package dev.weft.redirect;

import dev.weft.redirect.rules.Family;
import dev.weft.redirect.rules.SavedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The nat table of one family, changed by one of the three makes of iptables.
 *
 * @param shell where commands run
 * @param tool the program, of which {@code TOOL-save} and {@code TOOL-restore} are used
 * @param waits whether to wait for others who change the table
 */
record Firewall(Shell shell, String tool, boolean waits) {
  /** The makes of iptables, in the order in which one stands in for another. */
  enum Mode {
    NFT("-nft"),
    PLAIN(""),
    LEGACY("-legacy");

    private final String suffix;

    Mode(String suffix) {
      this.suffix = suffix;
    }

    String tool(Family family) {
      return (family == Family.IPV4 ? "iptables" : "ip6tables") + suffix;
    }

    static Mode parse(String text) {
      for (Mode mode : values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
          return mode;
        }
      }
      throw Flags.refused(
          "--iptables-mode " + text, "there is no such mode", "nft, legacy or plain");
    }

    /** The make that the older flag {@code --firewall-bin-path} speaks of. */
    static Mode ofBinary(String binary) {
      return switch (binary) {
        case "", "iptables-legacy" -> LEGACY;
        case "iptables-nft" -> NFT;
        case "iptables" -> PLAIN;
        default ->
            throw Flags.refused(
                "--firewall-bin-path " + binary,
                "there is no such make of iptables",
                "iptables-nft, iptables-legacy or iptables");
      };
    }
  }

  /**
   * The wanted make, or another where its programs are not installed.
   *
   * @throws RedirectException if none is there
   */
  static Firewall choose(Shell shell, Mode wanted, Family family, boolean waits, Log log) {
    List<Mode> order = new ArrayList<>(List.of(wanted));
    order.addAll(List.of(Mode.values()));
    for (Mode mode : order) {
      String tool = mode.tool(family);
      if (Shell.has(tool + "-save") && Shell.has(tool + "-restore")) {
        if (mode != wanted) {
          log.warn(wanted.tool(family) + " is not installed; " + tool + " is used");
        }
        return new Firewall(shell, tool, waits);
      }
    }
    throw new RedirectException(
        wanted.tool(family) + " cannot be used",
        "neither it nor another make of it is on the path",
        "use the proxy's image, or install iptables");
  }

  List<String> saveCommand() {
    return List.of(tool + "-save", "-t", "nat");
  }

  List<String> restoreCommand() {
    List<String> command = new ArrayList<>(List.of(tool + "-restore", "--noflush"));
    if (waits) {
      command.add("--wait");
    }
    return command;
  }

  /** The table as the program prints it. */
  String print() {
    return run(saveCommand(), "");
  }

  SavedTable read() {
    return SavedTable.parse(print());
  }

  /** Makes all changes, or none if one of them fails. */
  void change(String input) {
    run(restoreCommand(), input);
  }

  private String run(List<String> command, String input) {
    Shell.Result result = shell.run(command, input);
    if (result.code() != 0) {
      throw new RedirectException(
          String.join(" ", shell.whole(command)) + " failed",
          "exit code " + result.code() + ": " + result.errors().strip(),
          fix(result.errors()));
    }
    return result.output();
  }

  private String fix(String errors) {
    String said = errors.toLowerCase(Locale.ROOT);
    if (said.contains("permission denied")
        || said.contains("not permitted")
        || said.contains("you must be root")) {
      return "give the container the capabilities NET_ADMIN and NET_RAW, or set"
          + " proxyInit.runAsRoot=true";
    }
    if (tool.startsWith("ip6")) {
      return "where nodes have no IPv6, pass --ipv6=false (disableIPv6=true)";
    }
    return "try another make of iptables: proxyInit.iptablesMode nft or legacy, as nodes have it";
  }
}
