package dev.weft.cli.standalone;

import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRange;
import dev.weft.redirect.rules.Family;
import dev.weft.redirect.rules.NatTable;
import dev.weft.redirect.rules.Redirection;
import dev.weft.redirect.rules.SavedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A workload in a network namespace of its own, whose iptables hand every TCP connection to its
 * proxy; the program knows nothing of it. Needs root.
 *
 * <p>The proxy's own traffic is told apart by its group, and the proxy keeps no capability but to
 * read files. The rules are those of a pod.
 */
final class NamespaceNetwork implements WorkloadNetwork {
  private static final String PREFIX = "LINKERD2_PROXY_";
  private static final int PROXY_GROUP = 2102;
  private static final int FIRST = 2;
  private static final Redirection REDIRECTION =
      Redirection.exceptGroup(
          MeshKeys.INBOUND_PORT,
          MeshKeys.OUTBOUND_PORT,
          PROXY_GROUP,
          List.of(new PortRange(MeshKeys.CONTROL_PORT, MeshKeys.ADMIN_PORT)));
  private static final Path NAMESPACE_FILES = Path.of("/etc/netns");

  private final MeshNetwork mesh;
  private final AddressClaim claim;
  private final String namespace;

  private NamespaceNetwork(MeshNetwork mesh, AddressClaim claim) {
    this.mesh = mesh;
    this.claim = claim;
    this.namespace = "weft-" + mesh.index() + "-" + last();
  }

  static NamespaceNetwork create(StateDirectory state, MeshNetwork mesh) {
    NamespaceNetwork network =
        new NamespaceNetwork(
            mesh, AddressClaim.take(state, last -> last < FIRST ? "" : mesh.ipv4(last)));
    try {
      network.build(state);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void build(StateDirectory state) {
    ServiceHosts.writeFor(namespace, state);
    Shell.run("ip netns add " + namespace);
    Shell.run("ip link add %s type veth peer name eth0 netns %s".formatted(link(), namespace));
    Shell.run("ip link set %s master %s".formatted(link(), mesh.bridge()));
    Shell.run("ip link set %s up".formatted(link()));
    Shell.run("ip -n %s addr add %s/24 dev eth0".formatted(namespace, claim.ip()));
    Shell.run("ip -n %s link set lo up".formatted(namespace));
    Shell.run("ip -n %s link set eth0 up".formatted(namespace));
    Shell.run("ip -n %s route add default via %s".formatted(namespace, mesh.host()));
    Shell.run(inside(List.of("iptables-restore", "--noflush")), rules(Family.IPV4));
    if (MeshNetwork.hasIpv6()) {
      Shell.run("ip -n %s addr add %s/64 dev eth0 nodad".formatted(namespace, ipv6()));
      Shell.run(inside(List.of("ip6tables-restore", "--noflush")), rules(Family.IPV6));
    }
  }

  private static String rules(Family family) {
    return NatTable.install(REDIRECTION, family, SavedTable.EMPTY);
  }

  private int last() {
    return Integer.parseInt(claim.ip().substring(claim.ip().lastIndexOf('.') + 1));
  }

  @Override
  public String link() {
    return "weft" + mesh.index() + "v" + last();
  }

  private String ipv6() {
    return mesh.ipv6(last());
  }

  private List<String> inside(List<String> command) {
    return Stream.concat(Stream.of("ip", "netns", "exec", namespace), command.stream()).toList();
  }

  @Override
  public List<String> ips() {
    return MeshNetwork.hasIpv6() ? List.of(claim.ip(), ipv6()) : List.of(claim.ip());
  }

  @Override
  public String programHost() {
    return claim.ip();
  }

  @Override
  public Map<String, String> proxyEnvironment() {
    boolean ipv6 = MeshNetwork.hasIpv6();
    return Map.of(
        "WEFT_PROXY_MODE",
        "auto",
        PREFIX + "INBOUND_LISTEN_ADDR",
        (ipv6 ? "[::]:" : "0.0.0.0:") + MeshKeys.INBOUND_PORT,
        PREFIX + "OUTBOUND_LISTEN_ADDRS",
        "127.0.0.1:" + MeshKeys.OUTBOUND_PORT + (ipv6 ? ",[::1]:" + MeshKeys.OUTBOUND_PORT : ""),
        PREFIX + "ADMIN_LISTEN_ADDR",
        "0.0.0.0:" + MeshKeys.ADMIN_PORT,
        PREFIX + "CONTROL_LISTEN_ADDR",
        "0.0.0.0:" + MeshKeys.CONTROL_PORT,
        PREFIX + "DESTINATION_PROFILE_NETWORKS",
        ipv6 ? "0.0.0.0/0,::/0" : "0.0.0.0/0");
  }

  @Override
  public Map<String, String> programEnvironment() {
    return Map.of();
  }

  @Override
  public List<String> proxyCommand(List<String> command) {
    List<String> whole = new ArrayList<>();
    whole.addAll(
        List.of(
            "setpriv",
            "--regid=" + PROXY_GROUP,
            "--clear-groups",
            "--bounding-set=-all,+dac_read_search",
            "--inh-caps=-all"));
    whole.addAll(command);
    return inside(whole);
  }

  @Override
  public List<String> programCommand(List<String> command) {
    return inside(command);
  }

  @Override
  public void close() {
    Shell.attempt(List.of("ip", "link", "del", link()), "");
    Shell.attempt(List.of("ip", "netns", "del", namespace), "");
    Path files = NAMESPACE_FILES.resolve(namespace);
    if (Files.isDirectory(files)) {
      try (Stream<Path> all = Files.list(files)) {
        for (Path file : all.collect(Collectors.toList())) {
          Files.delete(file);
        }
        Files.delete(files);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    claim.close();
  }
}
