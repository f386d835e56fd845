package dev.weft.proxy.outbound;

import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.inbound.InboundProxy;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Admission;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.runtime.Telemetry;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A real inbound proxy of the service's workload, before an application on 127.0.0.1. */
final class InboundSide implements AutoCloseable {
  static final InboundProtocol DETECT =
      new InboundProtocol.Detect(Duration.ofSeconds(10), HttpRouting.of());

  final FakeWatcher<Integer, InboundPolicy> policies;
  final Metrics metrics = new Metrics(1);
  final Drain drain = new Drain();
  private final Loops loops = Loops.start(Loops.defaultTransport(), 1);
  private final MeshTls tls;
  private final InboundProxy proxy;

  InboundSide(Harness harness, String host, InboundPolicy policy) {
    this(harness, host, policy, Telemetry.none());
  }

  InboundSide(Harness harness, String host, InboundPolicy policy, Telemetry telemetry) {
    policies = new FakeWatcher<>(new WatchState.Known<>(policy));
    tls = harness.mesh.tls(Harness.API_IDENTITY);
    ProxyContext context =
        new ProxyContext(
            TestEnvironment.config(
                "WEFT_PROXY_MODE",
                "explicit",
                "LINKERD2_PROXY_INBOUND_LISTEN_ADDR",
                host + ":0",
                "LINKERD2_PROXY_IDENTITY_LOCAL_NAME",
                Harness.API_IDENTITY),
            loops,
            metrics,
            tls,
            drain,
            new ControlPlane(
                policies, new FakeWatcher<>(), new FakeWatcher<>(), new FakeWatcher<>()),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            RandomGenerator.getDefault(),
            telemetry,
            Admission.unlimited(metrics));
    proxy = new InboundProxy(context);
    proxy.bind();
    proxy.accept();
  }

  static InboundPolicy only(InboundProtocol protocol, String... identities) {
    return new InboundPolicy(
        PolicyRef.of("policy.linkerd.io", "server", "", "api"),
        protocol,
        List.of(
            new Authorization(
                PolicyRef.of("policy.linkerd.io", "authorizationpolicy", "", "friends"),
                Network.ALL,
                new Authentication.Identities(List.of(identities), List.of()))));
  }

  /** The endpoint as discovery announces it. */
  Endpoint endpoint(int appPort, Endpoint.Hint hint) {
    return new Endpoint(
        new InetSocketAddress(proxy.address().getAddress(), appPort),
        Endpoint.DEFAULT_WEIGHT,
        Map.of(),
        new Endpoint.EndpointTls(PeerId.dns(Harness.API_IDENTITY), Harness.API_IDENTITY),
        hint,
        proxy.address().getPort(),
        null,
        Http2Params.DEFAULT);
  }

  @Override
  public void close() {
    var _ = drain.begin();
    loops.close();
  }
}
