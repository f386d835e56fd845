package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.transport.TransportHeader.Session;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InboundTcpTest {
  private static final InboundProtocol OPAQUE = new InboundProtocol.Opaque();

  @Test
  void opaquePort_plainClient_isForwardedBothWays() throws Exception {
    try (TestApp app = TestApp.echo();
        InboundFixture fixture = new InboundFixture(Policies.everybody(OPAQUE))) {
      Socket client = fixture.plain(app.port());
      send(client, "hello");
      assertThat(receive(client, 5)).isEqualTo("hello");
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void direct_opaqueHeader_reachesThePortItNames() throws Exception {
    try (TestApp app = TestApp.echo();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.OPAQUE);
      send(client, "through two proxies");
      assertThat(receive(client, 19)).isEqualTo("through two proxies");
      assertThat(fixture.metrics.print())
          .contains(
              "weft_tls_handshakes_total{direction=\"inbound\",peer=\""
                  + WEB
                  + "\",version=\"TLSv1.3\",group=\"X25519MLKEM768\"} 1")
          .contains("inbound_tcp_authz_allow_total{target_addr=\"127.0.0.1:" + app.port());
    }
  }

  @Test
  void opaquePort_clientThatSendsAndEndsAtOnce_isForwardedWhole() throws Exception {
    try (TestApp app = TestApp.echo();
        InboundFixture fixture = new InboundFixture(Policies.everybody(OPAQUE))) {
      Socket client = fixture.plain(app.port());
      send(client, "all of it");
      client.shutdownOutput();
      assertThat(rest(client)).isEqualTo("all of it");
    }
  }

  @Test
  void direct_halfClose_leavesTheOtherDirectionOpen() throws Exception {
    try (TestApp app =
            new TestApp(
                client -> {
                  byte[] request = client.getInputStream().readAllBytes();
                  client.getOutputStream().write(request);
                  client.getOutputStream().write(" and more".getBytes(StandardCharsets.UTF_8));
                  client.shutdownOutput();
                });
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.OPAQUE);
      send(client, "request");
      client.shutdownOutput();
      assertThat(rest(client)).isEqualTo("request and more");
    }
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String receive(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }
}
