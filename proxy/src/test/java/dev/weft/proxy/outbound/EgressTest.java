package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.OutboundTlsRoute;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.outbound.Timeouts;
import dev.weft.policy.route.HostMatch;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to addresses: through an egress network, and to single endpoints of the mesh. */
@Timeout(30)
final class EgressTest {
  private static final PolicyRef NETWORK =
      new PolicyRef.Resource("policy.linkerd.io", "EgressNetwork", "shop", "internet", 0);

  private final Harness harness =
      new Harness("LINKERD2_PROXY_DESTINATION_PROFILE_NETWORKS", "10.0.0.0/8");
  private final TestApp app = new TestApp("outside");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  private MeshPeer outside(MeshPeer.Plain plain) {
    MeshPeer peer = harness.plain(app, plain);
    harness.intercepted = peer.address();
    return peer;
  }

  private static Backend backend(MeshPeer peer) {
    InetSocketAddress address = peer.address();
    return new Backend(
        NETWORK,
        new Backend.Dispatcher.Forward(IpAddr.of(address.getAddress()), address.getPort()),
        Backend.Queue.DEFAULT);
  }

  private void policy(MeshPeer peer, OutboundProtocol protocol) {
    harness.policies.set(new Target.Address(peer.address()), new OutboundPolicy(NETWORK, protocol));
  }

  private static OutboundProtocol detect(
      List<HostMatch> hosts, Backend backend, List<TcpFilter> filters) {
    List<OutboundHttpRoute> http =
        List.of(
            new OutboundHttpRoute(
                PolicyRef.of("gateway.networking.k8s.io", "HTTPRoute", "shop", "out"),
                hosts,
                List.of(
                    new OutboundHttpRoute.Rule(
                        List.of(),
                        List.of(),
                        Distribution.to(backend),
                        Timeouts.NONE,
                        null,
                        false))));
    return new OutboundProtocol.Detect(
        OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
        new OutboundProtocol.Opaque(
            new OutboundOpaqueRoute(
                PolicyRef.builtin("tcp-egress"), filters, Distribution.to(backend))),
        new OutboundProtocol.Http1(http, null),
        new OutboundProtocol.Http2(http, null));
  }

  private static String get(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  @Test
  void requestToAnAllowedHost_goesOutAndIsCountedForTheNetwork() throws Exception {
    MeshPeer peer = outside(MeshPeer.Plain.HTTP_1);
    policy(peer, detect(List.of(new HostMatch.Exact("api.example")), backend(peer), List.of()));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get("api.example"));
      assertThat(client.response().body()).isEqualTo("outside");
    }
    assertThat(harness.metrics.print())
        .contains("parent_kind=\"EgressNetwork\"")
        .contains("route_name=\"out\"");
  }

  @Test
  void requestToAnotherHost_isNotFound() throws Exception {
    MeshPeer peer = outside(MeshPeer.Plain.HTTP_1);
    policy(peer, detect(List.of(new HostMatch.Exact("api.example")), backend(peer), List.of()));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get("evil.example"));
      assertThat(client.response().status()).isEqualTo(404);
    }
    assertThat(app.count).hasValue(0);
  }

  @Test
  void bytes_whereTheNetworkForbidsThem_areRefused() throws Exception {
    MeshPeer peer = outside(MeshPeer.Plain.ECHO);
    policy(peer, detect(List.of(), backend(peer), List.of(new TcpFilter.Forbidden())));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("\u0001binary");
      assertThatThrownBy(() -> client.bytes(1)).isInstanceOf(IOException.class);
    }
    assertThat(harness.metrics.print()).contains("error=\"forbidden\"");
  }

  @Test
  void tlsToAnAllowedName_passesAndToAnotherIsClosed() throws Exception {
    MeshPeer peer = outside(MeshPeer.Plain.ECHO);
    policy(
        peer,
        new OutboundProtocol.Tls(
            List.of(
                new OutboundTlsRoute(
                    PolicyRef.of("gateway.networking.k8s.io", "TLSRoute", "shop", "out"),
                    List.of(new HostMatch.Exact("api.example")),
                    List.of(),
                    Distribution.to(backend(peer))))));
    byte[] allowed = hello("api.example");
    try (RawClient client = new RawClient(harness.address())) {
      client.send(allowed);
      assertThat(client.bytes(allowed.length)).isEqualTo(allowed);
    }
    try (RawClient client = new RawClient(harness.address())) {
      client.send(hello("evil.example"));
      assertThatThrownBy(() -> client.bytes(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void addressOfAnEndpoint_isReachedByMeshTls() throws Exception {
    InetSocketAddress pod = new InetSocketAddress("10.1.2.3", 8080);
    harness.intercepted = pod;
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.policies.end(new Target.Address(pod), Status.Code.NOT_FOUND);
    harness.profiles.set(
        new Target.Address(pod),
        new Profile("", false, Harness.endpoint(peer), List.of(), List.of(), null));
    try (RawClient client = new RawClient(harness.address())) {
      client.send(get("api"));
      assertThat(client.response().body()).isEqualTo("outside");
    }
    assertThat(String.valueOf(peer.peers.poll(5, TimeUnit.SECONDS).identity()))
        .isEqualTo(Harness.WEB_IDENTITY);
  }

  /** The smallest ClientHello with a server name. */
  private static byte[] hello(String name) {
    int length = name.length();
    String ext =
        "0000"
            + hex4(length + 5)
            + hex4(length + 3)
            + "00"
            + hex4(length)
            + HexFormat.of().formatHex(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    String body =
        "0303" + "00".repeat(32) + "00" + "00021301" + "0100" + hex4(ext.length() / 2) + ext;
    String handshake = "0100" + hex4(body.length() / 2) + body;
    return HexFormat.of().parseHex("160301" + hex4(handshake.length() / 2) + handshake);
  }

  private static String hex4(int number) {
    return HexFormat.of().toHexDigits((short) number);
  }
}
