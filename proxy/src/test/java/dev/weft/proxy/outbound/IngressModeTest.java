package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy of an ingress, whose requests name their targets. */
@Timeout(30)
final class IngressModeTest {
  private final Harness harness =
      new Harness(
          "LINKERD2_PROXY_INGRESS_MODE",
          "true",
          "LINKERD2_PROXY_OUTBOUND_DISABLE_INFORMATIONAL_HEADERS",
          "false");
  private final TestApp api = new TestApp("api-1");
  private final TestApp original = new TestApp("original");

  @BeforeEach
  void begin() {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", api)));
    unknown(harness.plain(original, MeshPeer.Plain.HTTP_1));
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private void unknown(MeshPeer peer) {
    harness.intercepted = peer.address();
    harness.unknown(peer.address());
  }

  private static String get(String override) {
    String header = override.isEmpty() ? "" : "L5d-Dst-Override: " + override + "\r\n";
    return "GET / HTTP/1.1\r\nHost: www.example\r\n" + header + "\r\n";
  }

  @Test
  void override_ofAService_isWhereTheRequestGoes() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get(Harness.API + ":8080"));
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    RequestHead head = api.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head).isNotNull();
    assertThat(head.headers.contains(HeaderNames.L5D_DST_OVERRIDE)).isFalse();
    assertThat(String.valueOf(head.headers.get(HeaderNames.HOST))).isEqualTo("www.example");
  }

  @Test
  void requestsOfOneConnection_haveEachTheirTarget() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      for (int i = 0; i < 3; i++) {
        client.send(get(Harness.API + ":8080"));
        assertThat(client.response().body()).isEqualTo("api-1");
        client.send(get(""));
        assertThat(client.response().body()).isEqualTo("original");
      }
    }
  }

  @Test
  void override_withoutPort_meansHttp() throws Exception {
    Target target = new Target.Name(Harness.API, 80);
    harness.endpoints.set(Harness.API + ":80", Harness.set());
    harness.policies.set(target, Harness.policy());
    harness.profiles.end(target, io.grpc.Status.Code.NOT_FOUND);
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get(Harness.API));
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void override_ofANameNobodyKnows_isRefused() throws Exception {
    String name = "gone.shop.svc.cluster.local:8080";
    harness.endpoints.set(name, new EndpointSet(Map.of(), false));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get(name));
      assertThat(client.response().status()).isEqualTo(502);
    }
  }

  @Test
  void override_ofANameOutsideTheCluster_isRefused() throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get("www.example:8080"));
      assertThat(client.response().status()).isEqualTo(502);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b:c", "under_score!", "api:0", "api:70000", "-"})
  void override_thatNamesNothing_isRefused(String override) throws Exception {
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get(override));
      assertThat(client.response().status()).isEqualTo(400);
    }
    assertThat(original.count).hasValue(0);
  }

  @Test
  void override_onAConnectionToAnOpaqueTarget_isObeyed() throws Exception {
    InetSocketAddress address = new InetSocketAddress("10.96.0.9", 8080);
    harness.intercepted = address;
    harness.profiles.end(new Target.Address(address), io.grpc.Status.Code.NOT_FOUND);
    harness.policies.set(
        new Target.Address(address),
        new OutboundPolicy(
            PolicyRef.builtin("opaque"),
            new OutboundProtocol.Opaque(
                new OutboundOpaqueRoute(
                    PolicyRef.builtin("opaque"),
                    java.util.List.of(),
                    Distribution.to(Harness.backend())))));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get(Harness.API + ":8080"));
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }

  @Test
  void bytesThatAreNotHttp_goWhereTheConnectionWantedTo() throws Exception {
    unknown(harness.plain(original, MeshPeer.Plain.ECHO));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("\u0001binary");
      assertThat(client.bytes(7)).hasSize(7);
    }
  }

  @Test
  void serverThatSpeaksFirst_isHeard() throws Exception {
    unknown(harness.plain(original, MeshPeer.Plain.SPEAKS_FIRST));
    try (RawClient client = new RawClient(harness.address())) {
      assertThat(client.line()).isEqualTo("hello");
    }
  }
}
