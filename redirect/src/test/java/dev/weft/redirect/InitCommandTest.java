package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the flags come to; nothing is changed. */
final class InitCommandTest {
  private static String simulate(String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InitCommand.install(
        Stream.concat(
                Stream.of(
                    "--simulate", "--incoming-proxy-port", "4143", "--outgoing-proxy-port", "4140"),
                Stream.of(more))
            .toList(),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void simulate_injectedArguments_printWhatWouldRun() {
    String text =
        simulate(
            "--firewall-bin-path",
            "iptables-nft",
            "--firewall-save-bin-path",
            "iptables-nft-save",
            "--ipv6=false",
            "--proxy-uid",
            "2102",
            "--inbound-ports-to-ignore",
            "4190,4191,4567,4568",
            "--outbound-ports-to-ignore",
            "4567,4568");

    assertThat(text)
        .startsWith("# iptables-nft-restore --noflush\n*nat\n")
        .contains("--dports 4190,4191,4567,4568 ", "--uid-owner 2102 ", "--dports 4567,4568 ")
        .doesNotContain("ip6tables", "--gid-owner");
  }

  @Test
  void simulate_noMode_isLegacyForBothFamilies() {
    assertThat(simulate())
        .contains("# iptables-legacy-restore --noflush\n", "# ip6tables-legacy-restore --noflush");
  }

  @Test
  void simulate_modeAndWaiting_areUsed() {
    assertThat(simulate("--iptables-mode", "plain", "-w", "--ipv6=false"))
        .startsWith("# iptables-restore --noflush --wait\n");
  }

  @Test
  void simulate_namespace_isEntered() {
    assertThat(simulate("--netns", "/var/run/netns/x"))
        .startsWith("# nsenter --net=/var/run/netns/x -- iptables-legacy-restore");
  }

  @Test
  void simulate_unreadablePort_isSkipped() {
    assertThat(simulate("--inbound-ports-to-ignore", "80,http,90-80,1-2"))
        .contains("--dports 80,1:2 ");
  }

  @Test
  void simulate_unreadableSubnet_isFatal() {
    assertThatThrownBy(() -> simulate("--subnets-to-ignore", "10.0.0.0"))
        .hasMessageContaining("--subnets-to-ignore 10.0.0.0 refused");
  }

  @Test
  void install_withoutPorts_isRefused() {
    assertThatThrownBy(() -> InitCommand.install(List.of("--simulate"), System.out))
        .hasMessageContaining("--incoming-proxy-port");
  }

  @Test
  void simulate_closeWait_isTold() {
    assertThat(simulate("--timeout-close-wait-secs", "30"))
        .startsWith("# sysctl net.netfilter.nf_conntrack_tcp_timeout_close_wait=30\n");
  }
}
