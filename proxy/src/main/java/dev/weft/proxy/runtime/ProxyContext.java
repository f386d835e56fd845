package dev.weft.proxy.runtime;

import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;
import dev.weft.proxy.tls.MeshTls;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * What the parts of one running proxy share. Everything in it may be used on any thread.
 *
 * @param config the settings
 * @param loops the event loops
 * @param metrics the registry
 * @param tls mesh TLS; without a certificate until the identity is proved
 * @param drain what must end before the process may
 * @param control the control plane
 * @param clock wall time: validity of certificates, timestamps
 * @param ticker monotonic time: timeouts, latencies
 * @param random randomness for balancing and jitter; thread-safe, not for secrets
 * @param telemetry who watches requests besides the metrics
 * @param admission whether new connections are taken
 */
public record ProxyContext(
    ProxyConfig config,
    Loops loops,
    Metrics metrics,
    MeshTls tls,
    Drain drain,
    ControlPlane control,
    Clock clock,
    Ticker ticker,
    RandomGenerator random,
    Telemetry telemetry,
    Admission admission) {

  /** A context in which nobody watches requests, and connections are taken without limit. */
  public ProxyContext(
      ProxyConfig config,
      Loops loops,
      Metrics metrics,
      MeshTls tls,
      Drain drain,
      ControlPlane control,
      Clock clock,
      Ticker ticker,
      RandomGenerator random) {
    this(
        config,
        loops,
        metrics,
        tls,
        drain,
        control,
        clock,
        ticker,
        random,
        Telemetry.none(),
        Admission.unlimited(metrics));
  }

  /** The part of the metrics which this worker writes. */
  public Shard shard(EventExecutor worker) {
    return metrics.loop(loops.indexOf(worker));
  }
}
