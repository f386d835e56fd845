package dev.weft.proxy;

import dev.weft.mesh.PortRange;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.accesslog.AccessFormat;
import dev.weft.proxy.accesslog.AccessLog;
import dev.weft.proxy.admin.AdminApi;
import dev.weft.proxy.admin.AdminServer;
import dev.weft.proxy.admin.ProcessMetrics;
import dev.weft.proxy.config.DnsSuffixes;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.TapConfig;
import dev.weft.proxy.config.TraceConfig;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlMetrics;
import dev.weft.proxy.control.ControlPlaneClient;
import dev.weft.proxy.control.ServiceDns;
import dev.weft.proxy.control.ServiceNames;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.identity.Certifier;
import dev.weft.proxy.identity.GrpcIdentityClient;
import dev.weft.proxy.identity.KeyMaterial;
import dev.weft.proxy.log.ProcessLog;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Admission;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.runtime.ResourceWatch;
import dev.weft.proxy.runtime.Telemetry;
import dev.weft.proxy.tap.TapServer;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.trace.Tracer;
import dev.weft.proxy.trace.Tracing;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a proxy, started in the order of the contract and stopped in the reverse: loops,
 * control plane, ports bound, admin serving, certificate, and only then traffic. Used by the main
 * thread only.
 *
 * <p>Source: facts/proxy.md 1.2, 1.8.
 */
final class ProxyRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyRuntime.class);
  private static final Duration WAITING_WARNING = Duration.ofSeconds(15);

  /** Time for calls that are being cancelled to report so. */
  private static final long EXECUTOR_QUIET_MILLIS = 50;

  private static final long EXECUTOR_STOP_MILLIS = 2_000;

  private final ProxyConfig config;
  private final Map<String, String> environment;
  private final String version;
  private final ProcessLog log;
  private final Clock clock = Clock.systemUTC();
  private final Drain drain = new Drain();

  /** What is to be closed, newest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  ProxyRuntime(
      ProxyConfig config, Map<String, String> environment, String version, ProcessLog log) {
    this.config = config;
    this.environment = environment;
    this.version = version;
    this.log = log;
  }

  /**
   * Starts everything and returns when {@code stop} is complete, be it before the first
   * certificate.
   *
   * @throws StartException if a part cannot be started
   */
  void start(CompletableFuture<String> stop) throws StartException {
    KeyMaterial material = material();
    MeshTls tls =
        new MeshTls(config.identity().trustAnchors(), config.identity().serverName(), clock);
    keep((AutoCloseable) tls::close);
    Loops loops = loops();
    Metrics metrics = new Metrics(loops.workers().size(), config.admin().maxSeries());
    ProcessMetrics.declare(metrics, clock.instant(), version);
    EventExecutor control = controlExecutor();
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    ControlMetrics controlMetrics = new ControlMetrics(metrics, clock);
    ServiceDns dns = keep(new ServiceDns(loops, config.control(), controlMetrics));
    ControlChannels channels =
        new ControlChannels(config, loops, tls, control, new ServiceNames(dns), controlMetrics);
    ControlPlaneClient client =
        keep(new ControlPlaneClient(config, channels, control, random, metrics));
    ProxyContext context =
        new ProxyContext(
            config,
            loops,
            metrics,
            tls,
            drain,
            client.controlPlane(),
            clock,
            Ticker.systemTicker(),
            random,
            new Telemetry(accessLog(), new Taps(), tracer(channels, control, random, metrics)),
            admission(loops, metrics));
    watchOwnPorts(context);
    tap(context);
    List<Side> sides = Sides.of(context);
    bind(sides);
    GrpcIdentityClient identity =
        keep(new GrpcIdentityClient(channels, config.identity().service()));
    Certifier certifier =
        keep(new Certifier(config.identity(), material, identity, tls, control, clock, metrics));
    admin(context, certifier, stop);
    sweep(context);
    certifier.start();
    serve(sides, certifier.certified(), stop);
  }

  /** One side of the data path. */
  interface Side {
    /** Binds the ports; nothing is read yet. */
    void bind();

    /** Begins to read. */
    void accept();
  }

  private KeyMaterial material() throws StartException {
    Path token = config.identity().tokenFile();
    try {
      if (Files.size(token) == 0) {
        throw new IOException("it is empty");
      }
      return KeyMaterial.obtain(config.identity().directory(), config.identity().id().text());
    } catch (IOException e) {
      throw new StartException(
          Main.EXIT_CONFIG, "identity is not usable (token " + token + "); cause: " + e, e);
    }
  }

  private Loops loops() throws StartException {
    try {
      return keep(Loops.start(config.process().transport(), config.process().workers()));
    } catch (IllegalStateException e) {
      throw new StartException(Main.EXIT_INITIALIZATION, e.getMessage(), e);
    }
  }

  private EventExecutor controlExecutor() {
    EventExecutor executor =
        new DefaultEventExecutor(new DefaultThreadFactory("weft-control", true));
    keep(
        (AutoCloseable)
            () ->
                executor
                    .shutdownGracefully(
                        EXECUTOR_QUIET_MILLIS, EXECUTOR_STOP_MILLIS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(EXECUTOR_STOP_MILLIS, TimeUnit.MILLISECONDS));
    return executor;
  }

  private Admission admission(Loops loops, Metrics metrics) {
    int possible = ResourceWatch.maxConnections();
    int wanted = config.process().maxConnections();
    if (wanted > possible) {
      LOG.warn(
          "WEFT_PROXY_MAX_CONNECTIONS={} is lowered to {}; cause: file descriptors; fix: raise the"
              + " limit of the process (ulimit -n)",
          wanted,
          possible);
    }
    Admission admission =
        new Admission(metrics, wanted == 0 ? possible : Math.min(wanted, possible));
    loops.admin().scheduleAtFixedRate(new ResourceWatch(admission), 1, 1, TimeUnit.SECONDS);
    return admission;
  }

  private @Nullable AccessLog accessLog() {
    AccessFormat format =
        switch (config.log().access()) {
          case OFF -> null;
          case APACHE -> AccessFormat.APACHE;
          case JSON -> AccessFormat.JSON;
        };
    return format == null ? null : new AccessLog(format, log::line, clock);
  }

  private @Nullable Tracer tracer(
      ControlChannels channels, EventExecutor control, RandomGenerator random, Metrics metrics) {
    TraceConfig trace = config.trace();
    return trace == null
        ? null
        : keep(new Tracing(trace, channels, control, clock, random, metrics)).tracer();
  }

  private void watchOwnPorts(ProxyContext context) {
    List<Integer> ports = new ArrayList<>();
    for (PortRange range : config.inbound().ports().ranges()) {
      for (int port = range.first(); port <= range.last(); port++) {
        ports.add(port);
      }
    }
    if (!config.inbound().gatewaySuffixes().equals(DnsSuffixes.NONE)) {
      ports.add(config.inbound().listenAddress().getPort());
    }
    for (int port : ports) {
      Watch<InboundPolicy> watch =
          context.control().inboundPolicies().watch(port, context.loops().admin(), _ -> {});
      keep(watch);
    }
  }

  private static void bind(List<Side> sides) throws StartException {
    for (Side side : sides) {
      try {
        side.bind();
      } catch (RuntimeException e) {
        throw new StartException(Main.EXIT_PANIC, String.valueOf(e.getMessage()), e);
      }
    }
  }

  private void admin(ProxyContext context, Certifier certifier, CompletableFuture<String> stop)
      throws StartException {
    AdminApi api =
        new AdminApi(
            () -> certifier.certified().isDone(),
            context.metrics(),
            log,
            environment,
            config.admin().shutdownEndpoint() ? () -> stop.complete("POST /shutdown") : null);
    try {
      InetSocketAddress address = keep(new AdminServer(context, api)).bind();
      LOG.info("admin port bound address={}", address);
    } catch (IllegalStateException e) {
      throw new StartException(Main.EXIT_INITIALIZATION, e.getMessage(), e);
    }
  }

  private void tap(ProxyContext context) throws StartException {
    TapConfig tap = config.tap();
    if (tap == null) {
      return;
    }
    try {
      InetSocketAddress address = keep(new TapServer(context, tap)).bind();
      LOG.info("tap port bound address={} client={}", address, tap.client());
    } catch (IllegalStateException e) {
      throw new StartException(Main.EXIT_INITIALIZATION, e.getMessage(), e);
    }
  }

  private void sweep(ProxyContext context) {
    Duration retain = config.admin().metricsRetainIdle();
    long periodMillis = Math.clamp(retain.toMillis() / 4, 1_000, 60_000);
    context
        .loops()
        .admin()
        .scheduleAtFixedRate(
            () -> context.metrics().sweep(System.nanoTime(), retain.toNanos()),
            periodMillis,
            periodMillis,
            TimeUnit.MILLISECONDS);
  }

  private static void serve(
      List<Side> sides, CompletableFuture<Void> certified, CompletableFuture<String> stop) {
    while (!stop.isDone() && !certified.isDone()) {
      try {
        CompletableFuture.anyOf(stop, certified)
            .get(WAITING_WARNING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        LOG.warn("waiting for the first certificate; no traffic is taken");
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    if (certified.isDone()) {
      sides.forEach(Side::accept);
      LOG.info("ready; taking traffic");
    }
    stop.join();
  }

  /** Lets what runs end, within the grace period. */
  void drain() {
    Duration grace = config.process().shutdownGracePeriod();
    try {
      drain.begin().get(grace.toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("drained");
    } catch (TimeoutException _) {
      LOG.warn("not drained within {}; {} connections are dropped", grace, drain.open());
    } catch (InterruptedException | ExecutionException e) {
      LOG.warn("not drained; cause: {}", e.toString());
    }
  }

  /** Stops every part that was started. */
  void stop() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("not stopped: {}; cause: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
  }

  private <C extends AutoCloseable> C keep(C part) {
    parts.push(part);
    return part;
  }
}
