package dev.weft.redirect.rules;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.PortRange;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is led to the proxy, and what is not (facts/injector-and-install.md §12). Only TCP is.
 *
 * @param inboundPort where the proxy accepts what comes from elsewhere
 * @param outboundPort where it accepts what the workload opens
 * @param proxyUid the user whose own connections pass; none or 0 for nobody
 * @param proxyGid the group whose own connections pass; none or 0 for nobody
 * @param portsToRedirect the only inbound ports that are redirected; empty for all
 * @param inboundPortsToIgnore inbound ports that pass, in the order they are written down
 * @param outboundPortsToIgnore outbound ports that pass
 * @param subnetsToIgnore sources whose inbound connections pass
 */
public record Redirection(
    int inboundPort,
    int outboundPort,
    OptionalInt proxyUid,
    OptionalInt proxyGid,
    List<Integer> portsToRedirect,
    List<PortRange> inboundPortsToIgnore,
    List<PortRange> outboundPortsToIgnore,
    List<Cidr> subnetsToIgnore) {
  public Redirection {
    checkPort(inboundPort);
    checkPort(outboundPort);
    portsToRedirect.forEach(Redirection::checkPort);
    portsToRedirect = List.copyOf(portsToRedirect);
    inboundPortsToIgnore = List.copyOf(inboundPortsToIgnore);
    outboundPortsToIgnore = List.copyOf(outboundPortsToIgnore);
    subnetsToIgnore = List.copyOf(subnetsToIgnore);
  }

  /** Everything but the traffic of the proxy's group and the given inbound ports. */
  public static Redirection exceptGroup(
      int inboundPort, int outboundPort, int proxyGid, List<PortRange> inboundPortsToIgnore) {
    return new Redirection(
        inboundPort,
        outboundPort,
        OptionalInt.empty(),
        OptionalInt.of(proxyGid),
        List.of(),
        inboundPortsToIgnore,
        List.of(),
        List.of());
  }

  private static void checkPort(int port) {
    if (port < 0 || port > PortRange.MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " refused; fix: 0 to 65535");
    }
  }
}
