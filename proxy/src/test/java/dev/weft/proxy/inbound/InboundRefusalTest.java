package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.API;
import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static dev.weft.proxy.inbound.InboundTcpTest.assertEnds;
import static dev.weft.proxy.inbound.InboundTcpTest.receive;
import static dev.weft.proxy.inbound.InboundTcpTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.testing.TestAuthority;
import dev.weft.proxy.testing.TestHello;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.transport.TransportHeader;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Direct connections that must not get through, each refused with a line that says why. */
class InboundRefusalTest {
  private final InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()));

  @org.junit.jupiter.api.AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private void assertLogged(String... parts) {
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.log.lines())
                    .anyMatch(line -> Arrays.stream(parts).allMatch(line::contains)));
  }

  @Test
  void plaintext_isRefused() throws Exception {
    Socket client = fixture.plainDirect();
    send(client, "GET / HTTP/1.1\r\nhost: api\r\n\r\n");
    assertEnds(client);
    assertLogged("no mesh TLS for this proxy's identity");
  }

  @Test
  void tlsForAnotherIdentity_isRefused() throws Exception {
    Socket client = fixture.plainDirect();
    client.getOutputStream().write(TestHello.of(WEB));
    assertEnds(client);
    assertLogged("no mesh TLS for this proxy's identity");
  }

  @Test
  void clientWithoutCertificate_isRefused() throws Exception {
    MeshTls anonymous = TestAuthority.anonymous(WEB, InboundFixture.authority());
    assertEnds(fixture.direct(anonymous, true, header(80)));
    assertLogged("the client showed no certificate");
  }

  @Test
  void clientWithoutTransportProtocol_isRefused() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    assertEnds(fixture.direct(web, false, header(80)));
    assertLogged("ALPN transport.l5d.io/v1 not offered");
  }

  @Test
  void expiredCertificate_isRefusedWithItsEnd() throws Exception {
    MeshTls expired =
        InboundFixture.authority()
            .workload(WEB, InboundFixture.authority(), Duration.ofMinutes(-1));
    assertEnds(fixture.direct(expired, true, header(80)));
    assertLogged("mesh TLS failed; cause: certificate of " + WEB + " refused; cause: expired at");
    assertThat(fixture.metrics.print())
        .contains("weft_tls_handshake_failures_total{direction=\"inbound\"} 1");
  }

  @Test
  void foreignCertificate_isRefused() throws Exception {
    MeshTls foreign =
        new TestAuthority("elsewhere")
            .workload(WEB, InboundFixture.authority(), Duration.ofHours(1));
    assertEnds(fixture.direct(foreign, true, header(80)));
    assertLogged("certificate of " + WEB + " refused; cause: no path to a trust anchor");
  }

  @Test
  void proxyWithAnotherIdentity_isRefusedByTheClient() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    MeshTls impostor = InboundFixture.authority().workload(API);
    try (Bridge bridge = fixture.bridge(new Bridge.Way(web, WEB, true, null))) {
      // The proxy is API, and is asked for as WEB: it does not end the TLS.
      Socket client = new Socket();
      client.connect(bridge.address());
      assertEnds(client);
      client.close();
    }
    assertLogged("no mesh TLS for this proxy's identity");
  }

  @Test
  void garbageInsteadOfAHeader_isRefused() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    assertEnds(fixture.direct(web, true, "GET / HTTP/1.1\r\n\r\n"));
    assertLogged("transport header refused; cause: it does not begin with the preface");
  }

  @Test
  void headerForAGateway_isRefused() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    assertEnds(
        fixture.direct(
            web, true, text(new TransportHeader(80, "db.shop.svc.cluster.local", Session.OPAQUE))));
    assertLogged(WEB, "db.shop.svc.cluster.local refused; cause: this proxy is no gateway");
  }

  @Test
  void headerForTheProxyItself_isRefused() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    assertEnds(fixture.direct(web, true, header(fixture.proxy.address().getPort())));
    assertLogged("its header names the inbound port itself");
  }

  @Test
  void headerThatNeverComes_timesOut() throws Exception {
    MeshTls web = InboundFixture.authority().workload(WEB);
    assertEnds(fixture.direct(web, true, "transport.l5d"));
    assertLogged("too little received");
  }

  @Test
  void halfAClientHello_timesOutAndDisturbsNobody() throws Exception {
    byte[] hello = TestHello.of(API);
    try (TestApp app = TestApp.echo()) {
      Socket stuck = fixture.plainDirect();
      stuck.getOutputStream().write(hello, 0, 40);
      for (int i = 0; i < 5; i++) {
        Socket other = fixture.direct(WEB, app.port(), Session.OPAQUE);
        send(other, "undisturbed");
        assertThat(receive(other, 11)).isEqualTo("undisturbed");
        other.close();
      }
      assertEnds(stuck);
      assertLogged("too little received");
    }
  }

  @Test
  void floodOfRefusals_isToldInFewLines() throws Exception {
    for (int i = 0; i < 60; i++) {
      Socket client = fixture.plainDirect();
      send(client, "garbage");
      assertEnds(client);
      client.close();
    }
    // A second may turn over on the way; the lines of two seconds are still fewer than refusals.
    assertThat(fixture.log.lines().size()).isLessThan(60);
  }

  private static String header(int port) {
    return text(new TransportHeader(port, "", Session.OPAQUE));
  }

  private static String text(TransportHeader header) {
    ByteBuf bytes = header.encode(ByteBufAllocator.DEFAULT);
    try {
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } finally {
      bytes.release();
    }
  }
}
