package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for an admin server that becomes ready at its third answer. */
final class AwaitCommandTest {
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private LoopbackServer admin;

  @BeforeEach
  void serve() throws Exception {
    admin = new LoopbackServer(this::answer);
  }

  private void answer(Socket socket) throws IOException {
    asked.add(
        new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
            .readLine());
    String status = asked.size() < 3 ? "503 Service Unavailable" : "200 OK";
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 " + status + "\r\ncontent-length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
  }

  private String port() {
    return "--port=" + admin.port();
  }

  @Test
  void await_readyLater_returnsThen() throws Exception {
    assertThat(AwaitCommand.run(List.of(port(), "--timeout=2m", "-b", "1ms"), Map.of())).isZero();
    assertThat(asked)
        .containsExactly("GET /ready HTTP/1.1", "GET /ready HTTP/1.1", "GET /ready HTTP/1.1");
  }

  @Test
  void await_neverReady_fails() throws Exception {
    admin.close();

    assertThat(AwaitCommand.run(List.of(port(), "--timeout=20ms", "-b", "5ms"), Map.of()))
        .isEqualTo(1);
  }

  @Test
  void await_disabled_asksNobody() throws Exception {
    assertThat(AwaitCommand.run(List.of(port()), Map.of("LINKERD_DISABLED", "it is the identity")))
        .isZero();
    assertThat(asked).isEmpty();
  }

  @Test
  void await_command_runsWhenReadyAndGivesItsCode() throws Exception {
    int code =
        AwaitCommand.run(
            List.of(port(), "-b", "1ms", "--shutdown", "--", "sh", "-c", "exit 7"), Map.of());

    assertThat(code).isEqualTo(7);
    assertThat(asked).last().isEqualTo("POST /shutdown HTTP/1.1");
  }
}
