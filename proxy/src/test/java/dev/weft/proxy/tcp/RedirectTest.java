package dev.weft.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Original destinations behind real iptables rules, in a network namespace of its own. */
class RedirectTest {
  private static final List<String> PROGRAMS = List.of("unshare", "ip", "iptables", "ip6tables");

  @Test
  @Timeout(90)
  void redirectedConnections_ofBothFamilies_tellWhereTheyWantedToGo() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: network namespaces need root");
    for (String program : PROGRAMS) {
      assumeTrue(isInstalled(program), "skipped: " + program + " is not installed");
    }
    String rules =
        Stream.of("iptables", "ip6tables")
            .map(
                program ->
                    program + " -t nat -A OUTPUT -p tcp --dport 7777 -j REDIRECT --to-ports 8888")
            .reduce("ip link set lo up", (all, rule) -> all + " && " + rule);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "sh",
                "-c",
                rules
                    + " && exec \"$0\" -cp \"$1\" "
                    + RedirectProbe.class.getName()
                    + " 7777 8888",
                java,
                System.getProperty("java.class.path"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assumeTrue(
        !output.contains("Permission denied") && !output.contains("not permitted"),
        "skipped: namespaces or iptables are not permitted here");
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output)
        .contains("127.0.0.1 7777 -> /127.0.0.1:7777")
        .contains("127.0.0.1 8888 -> /127.0.0.1:8888")
        .contains("127.0.0.5 7777 -> /127.0.0.5:7777")
        .contains("::1 7777 -> /[0:0:0:0:0:0:0:1]:7777")
        .contains("::1 8888 -> /[0:0:0:0:0:0:0:1]:8888");
  }

  private static boolean isInstalled(String program) throws IOException {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return Files.isExecutable(Path.of("/usr/sbin", program));
  }
}
