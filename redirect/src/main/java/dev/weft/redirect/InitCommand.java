package dev.weft.redirect;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.PortRange;
import dev.weft.mesh.PortSet;
import dev.weft.redirect.rules.Family;
import dev.weft.redirect.rules.NatTable;
import dev.weft.redirect.rules.Redirection;
import dev.weft.redirect.rules.SavedTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Installs the redirection, or removes it (facts/injector-and-install.md §12). Each family's table
 * changes at once or not at all; a second run changes nothing.
 */
final class InitCommand {
  private static final String CLOSE_WAIT = "net.netfilter.nf_conntrack_tcp_timeout_close_wait";
  private static final Flags.Known FLAGS =
      new Flags.Known(
          Set.of(
              "incoming-proxy-port",
              "outgoing-proxy-port",
              "proxy-uid",
              "proxy-gid",
              "ports-to-redirect",
              "inbound-ports-to-ignore",
              "outbound-ports-to-ignore",
              "subnets-to-ignore",
              "netns",
              "timeout-close-wait-secs",
              "log-format",
              "log-level",
              "iptables-mode",
              "firewall-bin-path",
              "firewall-save-bin-path"),
          Set.of("simulate", "use-wait-flag", "ipv6"),
          Map.of(
              'p', "incoming-proxy-port",
              'o', "outgoing-proxy-port",
              'u', "proxy-uid",
              'g', "proxy-gid",
              'r', "ports-to-redirect",
              'w', "use-wait-flag"));

  private final Flags flags;
  private final Log log;
  private final PrintStream out;
  private final Shell shell;

  private InitCommand(Flags flags, PrintStream out) {
    this.flags = flags;
    this.log = Log.of(flags.text("log-level", "info"), flags.text("log-format", "plain"));
    this.out = out;
    String namespace = flags.text("netns", "");
    this.shell = namespace.isEmpty() ? Shell.here() : Shell.inNamespace(namespace);
  }

  private static InitCommand parse(List<String> words, PrintStream out) {
    Flags flags = Flags.parse(words, FLAGS);
    if (!flags.rest().isEmpty()) {
      throw Flags.refused(
          String.join(" ", flags.rest()), "only flags are expected", "leave it out");
    }
    return new InitCommand(flags, out);
  }

  /** Installs it; what is done, or would be with {@code --simulate}, goes to {@code out}. */
  static void install(List<String> words, PrintStream out) {
    parse(words, out).install();
  }

  /** Removes it; takes the same flags, of which few matter. */
  static void remove(List<String> words, PrintStream out) {
    parse(words, out).remove();
  }

  private void install() {
    Redirection redirection = redirection();
    closeWait();
    for (Family family : families()) {
      Firewall firewall = firewall(family);
      SavedTable before = simulates() ? SavedTable.EMPTY : firewall.read();
      change(firewall, NatTable.install(redirection, family, before));
    }
  }

  private void remove() {
    for (Family family : families()) {
      Firewall firewall = firewall(family);
      SavedTable before = firewall.read();
      if (before.isEmpty()) {
        log.info(firewall.tool() + ": there is nothing to remove");
      } else {
        change(firewall, NatTable.remove(before));
      }
    }
  }

  private void change(Firewall firewall, String input) {
    out.println("# " + String.join(" ", shell.whole(firewall.restoreCommand())));
    out.print(input);
    if (!simulates()) {
      firewall.change(input);
      log.debug(firewall.print());
      log.info(firewall.tool() + ": done");
    }
  }

  private boolean simulates() {
    return flags.isOn("simulate", false);
  }

  private List<Family> families() {
    return flags.isOn("ipv6", true) ? List.of(Family.IPV4, Family.IPV6) : List.of(Family.IPV4);
  }

  private Firewall firewall(Family family) {
    String mode = flags.text("iptables-mode", "");
    Firewall.Mode wanted =
        mode.isEmpty()
            ? Firewall.Mode.ofBinary(flags.text("firewall-bin-path", ""))
            : Firewall.Mode.parse(mode);
    boolean waits = flags.isOn("use-wait-flag", false);
    return simulates()
        ? new Firewall(shell, wanted.tool(family), waits)
        : Firewall.choose(shell, wanted, family, waits, log);
  }

  private Redirection redirection() {
    return new Redirection(
        flags.port("incoming-proxy-port"),
        flags.port("outgoing-proxy-port"),
        id("proxy-uid"),
        id("proxy-gid"),
        flags.ports("ports-to-redirect"),
        ranges("inbound-ports-to-ignore"),
        ranges("outbound-ports-to-ignore"),
        subnets());
  }

  private OptionalInt id(String name) {
    int id = flags.number(name, -1);
    return id > 0 ? OptionalInt.of(id) : OptionalInt.empty();
  }

  /** Kept as written: the order and the grouping can be seen in the table. */
  private List<PortRange> ranges(String name) {
    List<PortRange> ranges = new ArrayList<>();
    for (String item : flags.items(name)) {
      PortSet.Parsed parsed = PortSet.parseTolerant(item);
      ranges.addAll(parsed.ports().ranges());
      parsed.problems().forEach(problem -> log.warn("--" + name + ": " + problem + "; skipped"));
    }
    return ranges;
  }

  private List<Cidr> subnets() {
    List<Cidr> subnets = new ArrayList<>();
    for (String item : flags.items("subnets-to-ignore")) {
      subnets.add(
          Cidr.tryParse(item)
              .filter(_ -> item.contains("/"))
              .orElseThrow(
                  () ->
                      Flags.refused(
                          "--subnets-to-ignore " + item, "not a subnet", "10.0.0.0/8, say")));
    }
    return subnets;
  }

  private void closeWait() {
    int seconds = flags.number("timeout-close-wait-secs", 0);
    if (seconds == 0) {
      return;
    }
    String setting = CLOSE_WAIT + "=" + seconds;
    out.println("# sysctl " + setting);
    if (simulates()) {
      return;
    }
    if (!shell.prefix().isEmpty()) {
      Shell.Result result = shell.run(List.of("sysctl", "-w", setting), "");
      if (result.code() != 0) {
        throw closeWaitFailed(setting, result.errors().strip());
      }
      return;
    }
    try {
      Files.writeString(Path.of("/proc/sys", CLOSE_WAIT.split("\\.")), Integer.toString(seconds));
    } catch (IOException e) {
      throw closeWaitFailed(setting, e.toString());
    }
  }

  private static RedirectException closeWaitFailed(String setting, String cause) {
    return new RedirectException(
        "sysctl " + setting + " failed", cause, "set proxyInit.runAsRoot and privileged to true");
  }
}
