package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.TargetForm;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that iptables redirected: the original destination is told by the test. */
@Timeout(30)
final class InterceptedTrafficTest {
  private static final InetSocketAddress CLUSTER_IP = new InetSocketAddress("10.96.0.7", 8080);

  private final Harness harness =
      new Harness(
          "LINKERD2_PROXY_DESTINATION_PROFILE_NETWORKS",
          "10.0.0.0/8",
          "LINKERD2_PROXY_OUTBOUND_DISCOVERY_IDLE_TIMEOUT",
          "300ms");
  private final TestApp app = new TestApp("api-1");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private void service(EndpointSet endpoints) {
    harness.intercepted = CLUSTER_IP;
    Target target = new Target.Address(CLUSTER_IP);
    harness.policies.set(target, Harness.policy());
    harness.profiles.set(target, new Profile(Harness.API, false, null, List.of(), List.of(), null));
    harness.endpoints.set(Harness.API + ":" + Harness.PORT, endpoints);
  }

  @Test
  void originForm_toClusterIp_isMeshed() throws Exception {
    service(Harness.set(Harness.endpoint(harness.meshed("127.0.1.2", app))));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET /x HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(String.valueOf(head.headers.get(HeaderNames.HOST))).isEqualTo("api");
    assertThat(head.authority.toString()).isEqualTo("api");
  }

  @Test
  void requestWithoutHost_takesTheTargetForItsAuthority() throws Exception {
    service(Harness.set(Harness.endpoint(harness.meshed("127.0.1.2", app))));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET /x HTTP/1.0\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head.authority.toString()).isEqualTo("10.96.0.7:8080");
    assertThat(head.headers.contains(HeaderNames.HOST)).isFalse();
  }

  @Test
  void absoluteForm_isPreserved() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.intercepted = peer.address();
    harness.unknown(peer.address());
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://other.example/x HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("api-1");
    }
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head.form).isEqualTo(TargetForm.ABSOLUTE);
    assertThat(head.authority.toString()).isEqualTo("other.example");
  }

  @Test
  void hopByHopHeaders_areRemoved() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_1);
    harness.intercepted = peer.address();
    harness.unknown(peer.address());
    try (RawClient client = new RawClient(harness.address())) {
      client.send(
          "GET / HTTP/1.1\r\nHost: api\r\nConnection: x-private\r\nX-Private: 1\r\n"
              + "Keep-Alive: 5\r\nProxy-Connection: close\r\nUpgrade: h2c\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
    }
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(head.headers.toString()).isEqualTo("[host]");
  }

  @Test
  void unknownAddress_isForwardedTo() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.ECHO);
    harness.intercepted = peer.address();
    harness.unknown(peer.address());
    try (RawClient client = new RawClient(harness.address())) {
      client.send("\u0001binary");
      assertThat(client.bytes(7)).hasSize(7);
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void refusedPolicy_closesTheConnection() throws Exception {
    harness.intercepted = CLUSTER_IP;
    Target target = new Target.Address(CLUSTER_IP);
    harness.policies.end(target, Status.Code.INVALID_ARGUMENT);
    harness.profiles.end(target, Status.Code.INVALID_ARGUMENT);
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
      Assertions.assertThatThrownBy(client::response).isInstanceOf(IOException.class);
    }
  }

  @Test
  void connectionsToOneTarget_shareOneDiscovery_whichEndsWhenIdle() throws Exception {
    service(Harness.set(Harness.endpoint(harness.meshed("127.0.1.2", app))));
    for (int i = 0; i < 3; i++) {
      try (RawClient client = new RawClient(harness.address())) {
        client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
        assertThat(client.response().status()).isEqualTo(200);
        assertThat(harness.policies.open()).isEqualTo(1);
        assertThat(harness.endpoints.open()).isEqualTo(1);
      }
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () ->
                harness.policies.open() == 0
                    && harness.profiles.open() == 0
                    && harness.endpoints.open() == 0);
  }

  @Test
  void connectionBeforeThePolicyIsKnown_waitsForIt() throws Exception {
    harness.intercepted = CLUSTER_IP;
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
      await().until(() -> harness.policies.open() == 1);
      service(Harness.set(Harness.endpoint(harness.meshed("127.0.1.2", app))));
      assertThat(client.response().body()).isEqualTo("api-1");
    }
  }
}
