package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The validator against a loopback that redirects, and one that does not. */
final class ValidateCommandTest {
  private static int validate(String connect, String listen) {
    return ValidateCommand.run(
        List.of("--connect-addr", connect, "--listen-addr", listen, "--timeout=2s"), Map.of());
  }

  private static int freePort() throws Exception {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  @Test
  void validate_connectionReachesItself_isProved() throws Exception {
    String address = "127.0.0.1:" + freePort();

    assertThat(validate(address, address)).isZero();
  }

  @Test
  void validate_someoneElseAnswers_is95() throws Exception {
    byte[] greeting = "welcome\n".repeat(8).getBytes(StandardCharsets.US_ASCII);
    try (LoopbackServer other =
        new LoopbackServer(socket -> socket.getOutputStream().write(greeting))) {
      assertThat(validate("127.0.0.1:" + other.port(), "127.0.0.1:" + freePort())).isEqualTo(95);
    }
  }

  @Test
  void validate_nobodyAnswers_is95() throws Exception {
    assertThat(validate("127.0.0.1:" + freePort(), "127.0.0.1:" + freePort())).isEqualTo(95);
  }

  @Test
  void validate_silence_is95AfterTheTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(validate("127.0.0.1:" + silent.getLocalPort(), "127.0.0.1:" + freePort()))
          .isEqualTo(95);
    }
  }
}
