package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.TargetForm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two clusters: application, outbound proxy, gateway of the other cluster, inbound proxy,
 * application; everything between them is real.
 */
@Timeout(60)
final class GatewayTest {
  private static final String SERVICE = Harness.API + ":8080";
  private static final String SUFFIXES = "svc.cluster.local.";

  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("api-1");
  private final InboundSide inbound =
      new InboundSide(
          harness, "127.0.1.5", InboundSide.only(InboundSide.DETECT, GatewaySide.IDENTITY));
  private @Nullable GatewaySide gateway;

  @AfterEach
  void stop() throws Exception {
    harness.close();
    if (gateway != null) {
      gateway.close();
    }
    inbound.close();
  }

  /** Lets the service of the other cluster be reached by a gateway. */
  private GatewaySide serve(
      MeshPeer.Plain plain, Endpoint.Hint hint, String suffixes, String friend) {
    MeshPeer peer = harness.keep(MeshPeer.plain(new InetSocketAddress("127.0.0.1", 0), app, plain));
    GatewaySide made =
        new GatewaySide(harness, suffixes, InboundSide.only(InboundSide.DETECT, friend));
    gateway = made;
    made.service(inbound.endpoint(peer.address().getPort(), Endpoint.Hint.H2));
    harness.service(Harness.policy(), hint == Endpoint.Hint.OPAQUE, made.endpoint(SERVICE, hint));
    return made;
  }

  private GatewaySide serve() {
    return serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2, SUFFIXES, Harness.WEB_IDENTITY);
  }

  private RawClient.Response get(String headers) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/x HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
      return client.response();
    }
  }

  @Test
  void request_forAServiceOfTheGateway_arrivesWithTheWayItTook() throws Exception {
    serve();
    assertThat(get("").body()).isEqualTo("api-1");
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head).isNotNull();
    assertThat(head.form).isEqualTo(TargetForm.ORIGIN);
    assertThat(head.path.toString()).isEqualTo("/x");
    assertThat(String.valueOf(head.headers.get(HeaderNames.HOST))).isEqualTo(SERVICE);
    assertThat(String.valueOf(head.headers.get(HeaderNames.L5D_CLIENT_ID)))
        .isEqualTo(GatewaySide.IDENTITY);
    assertThat(String.valueOf(head.headers.get(HeaderNames.FORWARDED)))
        .isEqualTo(
            "by="
                + GatewaySide.IDENTITY
                + ";for="
                + Harness.WEB_IDENTITY
                + ";host="
                + SERVICE
                + ";proto=https");
  }

  @Test
  void requests_oneAfterTheOther_shareTheConnections() throws Exception {
    serve();
    try (RawClient client = new RawClient(harness.address())) {
      for (int i = 0; i < 20; i++) {
        client.send("POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.response().body()).isEqualTo("hi");
      }
    }
    assertThat(gateway.metrics.print())
        .contains("inbound_tcp_transport_header_connections_total{session_protocol=\"http/2\"")
        .contains("target_name=\"" + Harness.API + "\"");
  }

  @Test
  void largeBody_passesBothWays() throws Exception {
    serve();
    byte[] body = new byte[4 << 20];
    Arrays.fill(body, (byte) 'x');
    try (RawClient client = new RawClient(harness.address())) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client
                          .send(
                              "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                  + body.length
                                  + "\r\n\r\n")
                          .send(body);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertThat(client.response().body()).hasSize(body.length);
      sender.join();
    }
  }

  @Test
  void grpcCall_keepsItsTrailers() throws Exception {
    serve(MeshPeer.Plain.HTTP_2, Endpoint.Hint.H2, SUFFIXES, Harness.WEB_IDENTITY);
    assertThat(GrpcCalls.echo(harness, "grpc/Echo", new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
  }

  @Test
  void upgrade_isATunnelToTheService() throws Exception {
    serve();
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          "GET http://api:8080/ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n"
              + "Upgrade: test\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(101);
      client.send("ping");
      assertThat(client.bytes(4)).isEqualTo("ping".getBytes());
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void bytes_forAServiceOfTheGateway_arrive() throws Exception {
    serve(MeshPeer.Plain.SPEAKS_FIRST, Endpoint.Hint.OPAQUE, SUFFIXES, Harness.WEB_IDENTITY);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\nHost: api:8080\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.line()).isEqualTo("hello");
      client.send("back\n");
      assertThat(client.line()).isEqualTo("back");
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void request_forAnotherDomain_isNotFound() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2, "svc.other.local.", Harness.WEB_IDENTITY);
    RawClient.Response response = get("");
    assertThat(response.status()).isEqualTo(404);
    assertThat(gateway.metrics.print()).contains("error=\"gateway domain invalid\"");
  }

  @Test
  void bytes_forAnotherDomain_areRefused() throws Exception {
    serve(MeshPeer.Plain.ECHO, Endpoint.Hint.OPAQUE, "svc.other.local.", Harness.WEB_IDENTITY);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\nHost: api:8080\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      assertThatThrownBy(
              () -> {
                client.send("x");
                client.bytes(1);
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void request_thatCameByThisGateway_isALoop() throws Exception {
    serve();
    RawClient.Response response =
        get("Forwarded: for=a;by=" + GatewaySide.IDENTITY + ";host=b\r\n");
    assertThat(response.status()).isEqualTo(508);
    assertThat(gateway.metrics.print()).contains("error=\"gateway loop\"");
  }

  @Test
  void request_thatCameByAnotherGateway_isAllowed() throws Exception {
    serve();
    assertThat(get("Forwarded: for=" + GatewaySide.IDENTITY + ";by=other\r\n").status())
        .isEqualTo(200);
  }

  @Test
  void request_ofAStranger_isForbidden() throws Exception {
    serve(MeshPeer.Plain.HTTP_1, Endpoint.Hint.H2, SUFFIXES, "somebody.else");
    assertThat(get("").status()).isEqualTo(403);
    assertThat(app.count).hasValue(0);
  }

  @Test
  void request_forANameNobodyKnows_isRefused() throws Exception {
    GatewaySide side = serve();
    side.endpoints.set(SERVICE, new dev.weft.proxy.control.EndpointSet(java.util.Map.of(), false));
    assertThat(get("").status()).isEqualTo(502);
  }
}
