package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.redirect.rules.Family;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real tables of real network namespaces: a pod and a peer, connected by a veth. The pod's ports
 * 4143 and 4140 stand for a proxy. Needs root and the programs in {@link #TOOLS}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NamespaceTest {
  private static final List<String> TOOLS =
      List.of("ip", "nsenter", "setpriv", "bash", "timeout", "iptables-nft", "iptables-legacy");
  private static final String POD = "weft-rd-pod" + ProcessHandle.current().pid();
  private static final String PEER = "weft-rd-peer" + ProcessHandle.current().pid();
  private static final String POD_IP = "10.99.77.2";
  private static final String PEER_IP = "10.99.77.1";
  private static final String POD_IP6 = "fd99:77::2";
  private static final String PEER_IP6 = "fd99:77::1";
  private static final PrintStream SINK = new PrintStream(PrintStream.nullOutputStream());

  private final Deque<Process> tellers = new ArrayDeque<>();
  private boolean connected;
  private boolean hasIpv6;

  /** Before each, so that each is skipped by name; the namespaces are made once. */
  @BeforeEach
  void connect() throws Exception {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: needs root for namespaces");
    for (String tool : TOOLS) {
      Assumptions.assumeTrue(Shell.has(tool), "skipped: " + tool + " is not installed");
    }
    if (connected) {
      return;
    }
    connected = true;
    hasIpv6 = Files.exists(Path.of("/proc/net/if_inet6")) && Shell.has("ip6tables-nft");
    run("ip netns add " + POD);
    run("ip netns add " + PEER);
    run("ip link add eth0 netns " + POD + " type veth peer name eth0 netns " + PEER);
    address(POD, POD_IP, POD_IP6);
    address(PEER, PEER_IP, PEER_IP6);
    tell(POD, 4143, 4140, 8080, 9090);
    tell(PEER, 80, 443);
  }

  private void address(String namespace, String ip, String ip6) {
    run("ip -n " + namespace + " addr add " + ip + "/24 dev eth0");
    if (hasIpv6) {
      run("ip -n " + namespace + " addr add " + ip6 + "/64 dev eth0 nodad");
    }
    run("ip -n " + namespace + " link set lo up");
    run("ip -n " + namespace + " link set eth0 up");
  }

  private void tell(String namespace, int... ports) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PortTeller.class.getName()));
    for (int port : ports) {
      command.add(Integer.toString(port));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    tellers.push(process);
    assertThat(
            new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                .readLine())
        .isEqualTo("listening");
  }

  @AfterEach
  void clear() {
    for (Firewall.Mode mode : List.of(Firewall.Mode.NFT, Firewall.Mode.LEGACY)) {
      InitCommand.remove(flags(mode), SINK);
    }
  }

  @AfterAll
  void disconnect() {
    tellers.forEach(Process::destroyForcibly);
    Shell.here().run(List.of("ip", "netns", "del", POD), "");
    Shell.here().run(List.of("ip", "netns", "del", PEER), "");
  }

  private static Shell.Result run(String command) {
    Shell.Result result = Shell.here().run(List.of(command.split(" ")), "");
    assertThat(result.code()).as("%s: %s", command, result.errors()).isZero();
    return result;
  }

  private List<String> flags(Firewall.Mode mode, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--netns=/var/run/netns/" + POD,
                "--iptables-mode=" + mode.name().toLowerCase(Locale.ROOT),
                "--ipv6=" + hasIpv6,
                "--log-level=warn"));
    flags.addAll(List.of(more));
    return flags;
  }

  private void install(Firewall.Mode mode, String... more) {
    List<String> flags = flags(mode, "-p", "4143", "-o", "4140", "-u", "2102");
    flags.addAll(List.of(more));
    InitCommand.install(flags, SINK);
  }

  /** Which port answers when a user of a namespace connects to an address. */
  private static String reached(String namespace, int user, String ip, int port) {
    return Shell.here()
        .run(
            List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                "setpriv",
                "--reuid=" + user,
                "--clear-groups",
                "timeout",
                "5",
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + ip + "/" + port + "; cat <&3"),
            "")
        .output();
  }

  private static String fromPeer(String ip, int port) {
    return reached(PEER, 1000, ip, port);
  }

  private static String fromPod(int user, String ip, int port) {
    return reached(POD, user, ip, port);
  }

  private String table(Firewall.Mode mode) {
    return Shell.inNamespace("/var/run/netns/" + POD)
        .run(List.of(mode.tool(Family.IPV4) + "-save", "-t", "nat"), "")
        .output()
        .replaceAll("(?m)^#.*\n", "")
        .replaceAll("\\[\\d+:\\d+]", "[]");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_tcpOfThePod_reachesTheProxy(Firewall.Mode mode) {
    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("8080");
    assertThat(fromPod(1000, PEER_IP, 80)).isEqualTo("80");

    install(mode);

    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("4143");
    assertThat(fromPod(1000, PEER_IP, 80)).isEqualTo("4140");
    assertThat(fromPod(1000, "127.0.0.1", 8080)).as("loopback").isEqualTo("8080");
    assertThat(fromPod(2102, PEER_IP, 80)).as("the proxy's own").isEqualTo("80");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_ipv6_reachesTheProxy(Firewall.Mode mode) {
    Assumptions.assumeTrue(hasIpv6, "skipped: no IPv6 here");

    install(mode);

    assertThat(fromPeer(POD_IP6, 8080)).isEqualTo("4143");
    assertThat(fromPod(1000, PEER_IP6, 80)).isEqualTo("4140");
    assertThat(fromPod(2102, PEER_IP6, 80)).isEqualTo("80");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_ignoredPorts_pass(Firewall.Mode mode) {
    install(
        mode, "--inbound-ports-to-ignore", "9000-9100", "--outbound-ports-to-ignore", "443,1-2");

    assertThat(fromPeer(POD_IP, 9090)).isEqualTo("9090");
    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("4143");
    assertThat(fromPod(1000, PEER_IP, 443)).isEqualTo("443");
    assertThat(fromPod(1000, PEER_IP, 80)).isEqualTo("4140");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_ignoredSubnet_passesInbound(Firewall.Mode mode) {
    install(mode, "--subnets-to-ignore", PEER_IP + "/32,fd99:77::/64");

    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("8080");
    assertThat(fromPod(1000, PEER_IP, 80)).isEqualTo("4140");
    if (hasIpv6) {
      assertThat(fromPeer(POD_IP6, 8080)).isEqualTo("8080");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_again_changesNothing(Firewall.Mode mode) {
    install(mode);
    String once = table(mode);

    install(mode);

    assertThat(table(mode)).isEqualTo(once).contains("PROXY_INIT_REDIRECT");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void install_otherFlags_replaceWhatWas(Firewall.Mode mode) {
    install(mode);

    install(mode, "--ports-to-redirect", "9090");

    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("8080");
    assertThat(fromPeer(POD_IP, 9090)).isEqualTo("4143");
  }

  @ParameterizedTest
  @EnumSource(
      value = Firewall.Mode.class,
      names = {"NFT", "LEGACY"})
  void remove_afterInstall_leavesWhatOthersMade(Firewall.Mode mode) {
    Shell pod = Shell.inNamespace("/var/run/netns/" + POD);
    String tool = mode.tool(Family.IPV4);
    pod.run(List.of(tool, "-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-j", "RETURN"), "");
    String before = table(mode);

    install(mode);
    InitCommand.remove(flags(mode), SINK);

    assertThat(table(mode)).isEqualTo(before).contains("RETURN");
    assertThat(fromPeer(POD_IP, 8080)).isEqualTo("8080");
    pod.run(List.of(tool, "-t", "nat", "-F", "OUTPUT"), "");
  }

  @Test
  void install_badRule_changesNothing() {
    install(Firewall.Mode.NFT);
    String before = table(Firewall.Mode.NFT);

    Firewall firewall =
        new Firewall(Shell.inNamespace("/var/run/netns/" + POD), "iptables-nft", false);
    assertThatThrownBy(
            () -> firewall.change("*nat\n-F PROXY_INIT_OUTPUT\n-A OUTPUT -s fd00::1\nCOMMIT\n"))
        .hasMessageContaining("iptables-nft-restore --noflush failed; cause: ");

    assertThat(table(Firewall.Mode.NFT)).isEqualTo(before);
  }

  @Test
  void validate_inThePod_tellsRedirectedFromNot() throws Exception {
    assertThat(validate()).isEqualTo(ValidateCommand.EXIT_NOT_REDIRECTED);

    // The teller holds port 4140, so the validator stands for a proxy on another.
    InitCommand.install(flags(Firewall.Mode.NFT, "-p", "4143", "-o", "4149", "-u", "2102"), SINK);

    assertThat(validate()).isZero();
  }

  private static int validate() throws Exception {
    run("ip -n " + POD + " route replace default via " + PEER_IP);
    Process process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                POD,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "/usr/lib/linkerd/linkerd2-network-validator",
                "--connect-addr=1.1.1.1:20001",
                "--listen-addr=127.0.0.1:4149",
                "--timeout=1s")
            .inheritIO()
            .start();
    return process.waitFor();
  }
}
