package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.Timeouts;
import dev.weft.policy.route.HttpFilter;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Admission;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.runtime.Telemetry;
import dev.weft.proxy.testing.TestMesh;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A real outbound proxy in explicit mode, with a control plane that says what the test wants. */
final class Harness implements AutoCloseable {
  static final EventLoopGroup PEER_LOOPS =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("test-peer", true), NioIoHandler.newFactory());

  static final String API = "api.shop.svc.cluster.local";
  static final String API_IDENTITY = "api.shop.serviceaccount.identity.linkerd.cluster.local";
  static final String WEB_IDENTITY = "web.shop.serviceaccount.identity.linkerd.cluster.local";
  static final int PORT = 8080;

  final TestMesh mesh = new TestMesh();
  final FakeWatcher<Target, OutboundPolicy> policies = new FakeWatcher<>();
  final FakeWatcher<Target, Profile> profiles = new FakeWatcher<>();
  final FakeWatcher<String, EndpointSet> endpoints = new FakeWatcher<>();
  final Metrics metrics;
  final Drain drain = new Drain();
  private final FakeWatcher<Integer, InboundPolicy> inbound = new FakeWatcher<>();
  private final Loops loops;
  private final NoNames names = new NoNames();
  private final MeshTls tls;
  private final OutboundProxy proxy;

  /** Where connections wanted to go before they were redirected; null for the proxy itself. */
  volatile @Nullable InetSocketAddress intercepted;

  private final List<AutoCloseable> peers = new ArrayList<>();

  /** With one worker, so that what is known of an endpoint is known to all connections. */
  Harness(String... environment) {
    this(1, environment);
  }

  Harness(int workers, String... environment) {
    this(workers, Telemetry.none(), environment);
  }

  Harness(int workers, Telemetry telemetry, String... environment) {
    List<String> env =
        new ArrayList<>(
            List.of(
                "WEFT_PROXY_MODE",
                "explicit",
                "LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR",
                "127.0.0.1:0",
                "LINKERD2_PROXY_DESTINATION_CONTEXT",
                "{\"ns\":\"shop\"}"));
    env.addAll(List.of(environment));
    ProxyConfig config = TestEnvironment.config(env.toArray(new String[0]));
    metrics = new Metrics(workers);
    loops = Loops.start(Loops.defaultTransport(), workers);
    tls = mesh.tls(WEB_IDENTITY);
    ProxyContext context =
        new ProxyContext(
            config,
            loops,
            metrics,
            tls,
            drain,
            new ControlPlane(inbound, policies, profiles, endpoints),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            RandomGenerator.getDefault(),
            telemetry,
            Admission.unlimited(metrics));
    proxy =
        new OutboundProxy(
            context,
            channel -> intercepted == null ? channel.localAddress() : intercepted,
            names.provider());
    proxy.bind();
    proxy.accept();
  }

  /** Where clients connect to. */
  InetSocketAddress address() {
    return proxy.addresses().getFirst();
  }

  MeshPeer meshed(String host, TestApp app) {
    return meshed(host, app, API_IDENTITY);
  }

  MeshPeer meshed(String host, TestApp app, String identity) {
    return keep(MeshPeer.meshed(host, app, mesh.tls(identity)));
  }

  MeshPeer plain(TestApp app, MeshPeer.Plain plain) {
    return keep(MeshPeer.plain(new InetSocketAddress("127.0.1.9", 0), app, plain));
  }

  MeshPeer keep(MeshPeer peer) {
    peers.add(peer);
    return peer;
  }

  /** The endpoint of a meshed peer, as discovery announces it. */
  static Endpoint endpoint(MeshPeer peer) {
    return endpoint(peer, API_IDENTITY, Endpoint.Hint.H2);
  }

  static Endpoint endpoint(MeshPeer peer, String identity, Endpoint.Hint hint) {
    return new Endpoint(
        new InetSocketAddress(peer.address().getAddress(), PORT),
        Endpoint.DEFAULT_WEIGHT,
        Map.of("service", "api", "namespace", "shop"),
        new Endpoint.EndpointTls(PeerId.dns(identity), identity),
        hint,
        peer.address().getPort(),
        null,
        Http2Params.DEFAULT);
  }

  static EndpointSet set(Endpoint... all) {
    Map<InetSocketAddress, Endpoint> byAddress = new HashMap<>();
    for (Endpoint endpoint : all) {
      byAddress.put(endpoint.address(), endpoint);
    }
    return new EndpointSet(byAddress, true);
  }

  /** Announces the service api.shop, port 8080, detected, balanced over these endpoints. */
  void service(Endpoint... all) {
    service(policy(), false, all);
  }

  void service(OutboundPolicy policy, boolean opaque, Endpoint... all) {
    Target target = new Target.Name(API, PORT);
    policies.set(target, policy);
    profiles.set(target, new Profile(API, opaque, null, List.of(), List.of(), null));
    endpoints.set(API + ":" + PORT, set(all));
  }

  static Backend backend() {
    return new Backend(
        new PolicyRef.Resource("core", "Service", "shop", "api", PORT),
        new Backend.Dispatcher.Balancer(API + ":" + PORT, Backend.Load.DEFAULT),
        Backend.Queue.DEFAULT);
  }

  static OutboundPolicy policy() {
    return policy(
        new OutboundHttpRoute.Rule(
            List.of(), List.of(), Distribution.to(backend()), Timeouts.NONE, null, false));
  }

  static OutboundPolicy policy(OutboundHttpRoute.Rule... rules) {
    OutboundHttpRoute route =
        new OutboundHttpRoute(PolicyRef.builtin("http"), List.of(), List.of(rules));
    return new OutboundPolicy(
        new PolicyRef.Resource("core", "Service", "shop", "api", PORT),
        new OutboundProtocol.Detect(
            OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
            new OutboundProtocol.Opaque(
                new OutboundOpaqueRoute(
                    PolicyRef.builtin("opaq"), List.of(), Distribution.to(backend()))),
            new OutboundProtocol.Http1(List.of(route), null),
            new OutboundProtocol.Http2(List.of(route), null)));
  }

  static OutboundHttpRoute.Rule rule(List<HttpFilter> filters) {
    return new OutboundHttpRoute.Rule(
        List.of(), filters, Distribution.to(backend()), Timeouts.NONE, null, false);
  }

  /** Announces that nothing is known of an address, so that it is forwarded to. */
  void unknown(InetSocketAddress address) {
    policies.end(new Target.Address(address), io.grpc.Status.Code.NOT_FOUND);
  }

  static String authority(InetSocketAddress address) {
    return new Authority(address.getAddress().getHostAddress(), address.getPort()).toString();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable peer : peers) {
      peer.close();
    }
    var _ = drain.begin();
    loops.close();
    mesh.close();
    names.close();
    new Catalogue().check(metrics.print());
  }
}
