package dev.weft.proxy.testing;

import dev.weft.proxy.config.InvalidConfigException;
import dev.weft.proxy.config.IoTransport;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlMetrics;
import dev.weft.proxy.control.ServiceDns;
import dev.weft.proxy.control.ServiceNames;
import dev.weft.proxy.identity.GrpcIdentityClient;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.tls.MeshTls;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** What a client of the control plane needs around it, connected to a scripted one. */
public final class ControlHarness implements AutoCloseable {
  private static final String P = "LINKERD2_PROXY_";

  public final ProxyConfig config;
  public final Loops loops;
  public final MeshTls tls;
  public final EventExecutor executor = new DefaultEventExecutor();
  public final Metrics metrics = new Metrics(1);
  public final RandomGenerator random = new Random(1);
  public final ControlChannels channels;
  public final GrpcIdentityClient identityClient;
  private final ServiceDns dns;

  /** A client that expects {@code serviceName}; variables beyond the minimum by turns. */
  public ControlHarness(
      MeshCa ca, ScriptedControlPlane controlPlane, String serviceName, String... variables) {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "IDENTITY_TRUST_ANCHORS", ca.anchorPem());
    env.put(P + "OUTBOUND_CONNECT_EXP_BACKOFF_MIN", "10ms");
    env.put(P + "OUTBOUND_CONNECT_EXP_BACKOFF_MAX", "50ms");
    env.put(P + "INBOUND_CONNECT_EXP_BACKOFF_MIN", "10ms");
    env.put(P + "INBOUND_CONNECT_EXP_BACKOFF_MAX", "50ms");
    env.put(P + "INBOUND_CONNECT_TIMEOUT", "5s");
    env.put(P + "IDENTITY_MIN_REFRESH", "10ms");
    for (String service : new String[] {"IDENTITY", "DESTINATION", "POLICY"}) {
      env.put(P + service + "_SVC_ADDR", controlPlane.address());
      env.put(P + service + "_SVC_NAME", serviceName);
    }
    for (int i = 0; i < variables.length; i += 2) {
      env.put(variables[i], variables[i + 1]);
    }
    try {
      config = ProxyConfig.read(env, 1).config();
    } catch (InvalidConfigException e) {
      throw new AssertionError(e);
    }
    loops = Loops.start(IoTransport.NIO, 1);
    tls =
        new MeshTls(
            config.identity().trustAnchors(), config.identity().serverName(), Clock.systemUTC());
    ControlMetrics counts = new ControlMetrics(metrics, Clock.systemUTC());
    dns = new ServiceDns(loops, config.control(), counts);
    channels = new ControlChannels(config, loops, tls, executor, new ServiceNames(dns), counts);
    identityClient = new GrpcIdentityClient(channels, config.identity().service());
  }

  @Override
  public void close() {
    identityClient.close();
    // Calls that are being cancelled report so, and give back what they hold.
    executor
        .shutdownGracefully(50, 5_000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(5, TimeUnit.SECONDS);
    dns.close();
    loops.close();
    tls.close();
  }
}
