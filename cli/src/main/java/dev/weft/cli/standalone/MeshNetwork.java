package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the workloads of a standalone mesh are connected.
 *
 * @param kind how traffic comes to a proxy
 * @param index which of the bridges of this machine it is; 0 for loopback
 */
public record MeshNetwork(Kind kind, int index) {
  /** Everything on loopback; programs use the proxy explicitly. */
  public static final MeshNetwork LOOPBACK = new MeshNetwork(Kind.LOOPBACK, 0);

  private static final int MAX_BRIDGES = 256;

  /** How traffic comes to a proxy. */
  public enum Kind {
    /** Programs speak to it as to a forward proxy. */
    LOOPBACK,
    /** Each workload has a network namespace whose iptables redirect all TCP; needs root. */
    NAMESPACES
  }

  /** Whether this process may make network namespaces and the tools for it are there. */
  public static boolean canIntercept() {
    return "root".equals(System.getProperty("user.name"))
        && Shell.has("ip")
        && Shell.has("iptables-restore")
        && Shell.has("setpriv");
  }

  /** Makes a bridge of its own, with the control plane's address on it. */
  public static MeshNetwork createBridge() {
    for (int index = 0; index < MAX_BRIDGES; index++) {
      MeshNetwork network = new MeshNetwork(Kind.NAMESPACES, index);
      if (!Files.exists(Path.of("/sys/class/net", network.bridge()))
          && Shell.attempt(words("ip link add " + network.bridge() + " type bridge"), "").code()
              == 0) {
        Shell.run("ip addr add " + network.host() + "/24 dev " + network.bridge());
        if (hasIpv6()) {
          Shell.run("ip addr add " + network.ipv6(1) + "/64 dev " + network.bridge() + " nodad");
        }
        Shell.run("ip link set " + network.bridge() + " up");
        return network;
      }
    }
    throw new CliException(
        "no bridge can be made for the mesh",
        "`ip link add weftmeshN type bridge` fails for every N",
        "run as root, or use --network loopback");
  }

  /** Removes the bridge. */
  void removeBridge() {
    if (kind == Kind.NAMESPACES) {
      Shell.attempt(words("ip link del " + bridge()), "");
    }
  }

  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6")) && Shell.has("ip6tables-restore");
  }

  private static List<String> words(String command) {
    return List.of(command.split(" "));
  }

  /** The bridge's name. */
  String bridge() {
    return "weftmesh" + index;
  }

  /** Where the control plane listens. */
  String host() {
    return kind == Kind.LOOPBACK ? "127.0.0.1" : ipv4(1);
  }

  /** The networks the mesh lives in, for policies that speak of the cluster. */
  String clusterNetworks() {
    return kind == Kind.LOOPBACK
        ? "127.0.0.0/8"
        : "10.213.%d.0/24,fd57:6566:74%02x::/64".formatted(index, index);
  }

  /** The address of host {@code last} in the bridge's network. */
  String ipv4(int last) {
    return "10.213." + index + "." + last;
  }

  /** The IPv6 address of host {@code last} in the bridge's network. */
  String ipv6(int last) {
    return "fd57:6566:74%02x::%x".formatted(index, last);
  }
}
