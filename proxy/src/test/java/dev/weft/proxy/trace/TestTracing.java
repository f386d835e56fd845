package dev.weft.proxy.trace;

import dev.weft.proxy.config.IoTransport;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlMetrics;
import dev.weft.proxy.control.ServiceDns;
import dev.weft.proxy.control.ServiceNames;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.Telemetry;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.tls.MeshTls;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Tracing as a proxy has it, which sends spans soon; with the sockets that carries them. */
public final class TestTracing implements AutoCloseable {
  private static final Duration SOON = Duration.ofMillis(20);

  public final Metrics metrics = new Metrics(1);
  private final Loops loops = Loops.start(IoTransport.NIO, 1);
  private final EventExecutor executor = new DefaultEventExecutor();
  private final ServiceDns dns;
  private final Tracing tracing;

  /**
   * Tracing to a collector.
   *
   * @param tls of the proxy; used if the collector speaks it
   */
  public TestTracing(TestCollector collector, MeshTls tls) {
    List<String> env =
        new ArrayList<>(
            List.of(
                "LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR",
                collector.address(),
                "LINKERD2_PROXY_TRACE_SERVICE_NAME",
                "weft-test",
                "HOSTNAME",
                "pod-1"));
    if (collector.meshed()) {
      env.addAll(List.of("LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME", TestCollector.NAME));
    }
    ProxyConfig config = TestEnvironment.config(env.toArray(String[]::new));
    ControlMetrics counts = new ControlMetrics(metrics, Clock.systemUTC());
    dns = new ServiceDns(loops, config.control(), counts);
    ControlChannels channels =
        new ControlChannels(config, loops, tls, executor, new ServiceNames(dns), counts);
    if (config.trace() == null) {
      throw new AssertionError("configured above");
    }
    tracing =
        new Tracing(
            config.trace(), channels, executor, Clock.systemUTC(), new Random(7), metrics, SOON);
  }

  /** What a proxy is given. */
  public Telemetry telemetry() {
    return new Telemetry(null, new Taps(), tracing.tracer());
  }

  @Override
  public void close() {
    tracing.close();
    executor
        .shutdownGracefully(50, 5_000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(5, TimeUnit.SECONDS);
    dns.close();
    loops.close();
  }
}
