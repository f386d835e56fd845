package dev.weft.redirect.rules;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The rules of the contract's two chains and the jumps to them, in its order. */
final class Rules {
  static final String INBOUND = "PROXY_INIT_REDIRECT";
  static final String OUTBOUND = "PROXY_INIT_OUTPUT";

  /** Into the inbound chain. */
  static final Rule INBOUND_JUMP =
      new Rule("PREROUTING", "-j " + INBOUND, "install-proxy-init-prerouting");

  /** Into the outbound chain. */
  static final Rule OUTBOUND_JUMP =
      new Rule("OUTPUT", "-j " + OUTBOUND, "install-proxy-init-output");

  /** How many ports one multiport match can hold; a range takes two places. */
  private static final int MULTIPORT_PLACES = 15;

  private Rules() {}

  static List<Rule> inbound(Redirection redirection, Family family) {
    List<Rule> rules = new ArrayList<>();
    ignorePorts(INBOUND, redirection.inboundPortsToIgnore(), rules);
    for (Cidr subnet : redirection.subnetsToIgnore()) {
      // A table knows only addresses of its own family.
      if (subnet.address().isV6() == (family == Family.IPV6)) {
        rules.add(new Rule(INBOUND, "-p all -j RETURN -s " + subnet, "ignore-subnet-" + subnet));
      }
    }
    if (redirection.portsToRedirect().isEmpty()) {
      rules.add(
          new Rule(
              INBOUND,
              "-p tcp -j REDIRECT --to-port " + redirection.inboundPort(),
              "redirect-all-incoming-to-proxy-port"));
    }
    for (int port : redirection.portsToRedirect()) {
      rules.add(
          new Rule(
              INBOUND,
              "-p tcp --destination-port %d -j REDIRECT --to-port %d"
                  .formatted(port, redirection.inboundPort()),
              "redirect-port-" + port + "-to-proxy-port"));
    }
    return rules;
  }

  static List<Rule> outbound(Redirection redirection) {
    List<Rule> rules = new ArrayList<>();
    ignoreOwner("--uid-owner", redirection.proxyUid(), "ignore-proxy-user-id", rules);
    ignoreOwner("--gid-owner", redirection.proxyGid(), "ignore-proxy-group-id", rules);
    rules.add(new Rule(OUTBOUND, "-o lo -j RETURN", "ignore-loopback"));
    ignorePorts(OUTBOUND, redirection.outboundPortsToIgnore(), rules);
    rules.add(
        new Rule(
            OUTBOUND,
            "-p tcp -j REDIRECT --to-port " + redirection.outboundPort(),
            "redirect-all-outgoing-to-proxy-port"));
    return rules;
  }

  private static void ignoreOwner(String match, OptionalInt id, String tag, List<Rule> rules) {
    if (id.orElse(0) > 0) {
      rules.add(
          new Rule(OUTBOUND, "-m owner %s %d -j RETURN".formatted(match, id.getAsInt()), tag));
    }
  }

  private static void ignorePorts(String chain, List<PortRange> ports, List<Rule> rules) {
    for (List<PortRange> group : groups(ports)) {
      String list = group.stream().map(Rules::reference).collect(Collectors.joining(","));
      rules.add(
          new Rule(
              chain,
              "-p tcp --match multiport --dports " + list + " -j RETURN",
              "ignore-port-" + list));
    }
  }

  private static List<List<PortRange>> groups(List<PortRange> ports) {
    List<List<PortRange>> groups = new ArrayList<>();
    List<PortRange> group = new ArrayList<>();
    int places = 0;
    for (PortRange range : ports) {
      int needed = range.first() == range.last() ? 1 : 2;
      if (places + needed > MULTIPORT_PLACES) {
        groups.add(group);
        group = new ArrayList<>();
        places = 0;
      }
      group.add(range);
      places += needed;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private static String reference(PortRange range) {
    return range.first() == range.last()
        ? Integer.toString(range.first())
        : range.first() + ":" + range.last();
  }
}
