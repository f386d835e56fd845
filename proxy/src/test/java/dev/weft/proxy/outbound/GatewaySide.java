package dev.weft.proxy.outbound;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.inbound.InboundProxy;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tls.PeerId;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A real proxy of a gateway, for the services of its cluster. */
final class GatewaySide implements AutoCloseable {
  static final String IDENTITY =
      "gateway.multicluster.serviceaccount.identity.linkerd.cluster.local";

  final FakeWatcher<Target, OutboundPolicy> policies = new FakeWatcher<>();
  final FakeWatcher<Target, Profile> profiles = new FakeWatcher<>();
  final FakeWatcher<String, EndpointSet> endpoints = new FakeWatcher<>();
  final Metrics metrics = new Metrics(1);
  private final Drain drain = new Drain();
  private final Loops loops = Loops.start(Loops.defaultTransport(), 1);
  private final NoNames names = new NoNames();
  private final InboundProxy proxy;

  GatewaySide(Harness harness, String suffixes, InboundPolicy policy) {
    ProxyContext context =
        new ProxyContext(
            TestEnvironment.config(
                "WEFT_PROXY_MODE",
                "explicit",
                "LINKERD2_PROXY_INBOUND_LISTEN_ADDR",
                "127.0.1.4:0",
                "LINKERD2_PROXY_INBOUND_GATEWAY_SUFFIXES",
                suffixes,
                "LINKERD2_PROXY_IDENTITY_LOCAL_NAME",
                IDENTITY),
            loops,
            metrics,
            harness.mesh.tls(IDENTITY),
            drain,
            new ControlPlane(
                new FakeWatcher<>(new WatchState.Known<>(policy)), policies, profiles, endpoints),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            RandomGenerator.getDefault());
    proxy = new InboundProxy(context, new OutboundGateway(context, names.provider()));
    proxy.bind();
    proxy.accept();
  }

  /** Announces the service api.shop, port 8080. */
  void service(Endpoint... all) {
    Target target = new Target.Name(Harness.API, Harness.PORT);
    policies.set(target, Harness.policy());
    profiles.set(
        target,
        new Profile(Harness.API, false, null, java.util.List.of(), java.util.List.of(), null));
    endpoints.set(Harness.API + ":" + Harness.PORT, Harness.set(all));
  }

  /** The gateway as the endpoint of a service of another cluster. */
  Endpoint endpoint(String service, Endpoint.Hint hint) {
    return new Endpoint(
        proxy.address(),
        Endpoint.DEFAULT_WEIGHT,
        Map.of(),
        new Endpoint.EndpointTls(PeerId.dns(IDENTITY), IDENTITY),
        hint,
        proxy.address().getPort(),
        service,
        Http2Params.DEFAULT);
  }

  @Override
  public void close() throws Exception {
    var _ = drain.begin();
    loops.close();
    names.close();
    new Catalogue().check(metrics.print());
  }
}
