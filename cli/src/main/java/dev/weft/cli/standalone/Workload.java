package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.MeshKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One meshed workload of a standalone mesh: its network, token, manifests and proxy. The program
 * itself is started by the owner, with {@link #programEnvironment}.
 */
public final class Workload implements AutoCloseable {
  private static final Duration PROXY_START_LIMIT = Duration.ofSeconds(30);
  private static final Duration PROXY_STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration APP_POLL = Duration.ofMillis(25);
  private static final int CONNECT_TIMEOUT_MILLIS = 500;

  private final WorkloadSpec spec;
  private final WorkloadNetwork network;
  private final WorkloadManifests manifests;
  private final Path tokenFile;
  private final ManagedProcess proxy;
  private final ScheduledExecutorService tokenRenewal;

  private Workload(
      WorkloadSpec spec,
      WorkloadNetwork network,
      WorkloadManifests manifests,
      Path tokenFile,
      ManagedProcess proxy,
      ScheduledExecutorService tokenRenewal) {
    this.spec = spec;
    this.network = network;
    this.manifests = manifests;
    this.tokenFile = tokenFile;
    this.proxy = proxy;
    this.tokenRenewal = tokenRenewal;
  }

  /** Joins without telling how it goes. */
  public static Workload join(
      Distribution distribution,
      StateDirectory state,
      WorkloadSpec spec,
      Map<String, String> extraEnvironment)
      throws InterruptedException {
    return join(distribution, state, spec, extraEnvironment, _ -> {});
  }

  /**
   * Joins the mesh that runs in {@code state} and returns when the proxy is certified and serves.
   *
   * @param extraEnvironment added to that of the proxy
   * @param out told line by line of what takes longer than a moment
   */
  public static Workload join(
      Distribution distribution,
      StateDirectory state,
      WorkloadSpec spec,
      Map<String, String> extraEnvironment,
      Consumer<String> out)
      throws InterruptedException {
    MeshFile mesh = MeshFile.load(state);
    WorkloadToken tokens = WorkloadToken.signedBy(state.signingKey());
    WorkloadNetwork network =
        switch (mesh.network().kind()) {
          case LOOPBACK -> LoopbackNetwork.claim(state);
          case NAMESPACES -> NamespaceNetwork.create(state, mesh.network());
        };
    Path tokenFile = state.run().resolve(spec.namespace() + "." + spec.pod() + ".token");
    WorkloadManifests manifests = new WorkloadManifests(spec, network.ips(), state);
    StateDirectory.replace(tokenFile, tokens.mint(spec.account(), Instant.now()));
    manifests.join();
    ManagedProcess proxy =
        ManagedProcess.start(
            "proxy of " + spec.pod(),
            network.proxyCommand(distribution.proxy()),
            environment(spec, network, mesh, state, tokenFile, extraEnvironment),
            state.logs().resolve(spec.namespace() + "." + spec.pod() + ".proxy.log"));
    ScheduledExecutorService renewal =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("token-renewal").factory());
    long halfLife = WorkloadToken.LIFETIME.dividedBy(2).toSeconds();
    renewal.scheduleAtFixedRate(
        () -> StateDirectory.replace(tokenFile, tokens.mint(spec.account(), Instant.now())),
        halfLife,
        halfLife,
        TimeUnit.SECONDS);
    Workload workload = new Workload(spec, network, manifests, tokenFile, proxy, renewal);
    try (Progress progress = Progress.of(spec.name(), "starting its proxy", out)) {
      proxy.awaitOk(workload.adminUrl("/live"), PROXY_START_LIMIT);
      progress.step("waiting for its certificate");
      proxy.awaitOk(workload.adminUrl("/ready"), PROXY_START_LIMIT);
      progress.ready();
    } catch (RuntimeException | InterruptedException e) {
      workload.close();
      throw e;
    }
    return workload;
  }

  private static Map<String, String> environment(
      WorkloadSpec spec,
      WorkloadNetwork network,
      MeshFile mesh,
      StateDirectory state,
      Path tokenFile,
      Map<String, String> extra) {
    try {
      Map<String, String> env = ProxySettings.of(spec, network, mesh, state, tokenFile);
      env.putAll(extra);
      return env;
    } catch (IOException e) {
      throw new CliException(
          "the trust anchors of the mesh cannot be read", String.valueOf(e), "restart `weft up`");
    }
  }

  /**
   * Waits until the program accepts connections on all its ports, then offers it to the mesh.
   *
   * @param alive whether the program still runs
   * @return false if it ended before
   */
  public boolean offerWhenReady(BooleanSupplier alive) throws InterruptedException {
    for (PortMapping port : spec.ports()) {
      while (!accepts(network.programHost(), port.program())) {
        if (!alive.getAsBoolean()) {
          return false;
        }
        Thread.sleep(APP_POLL);
      }
    }
    manifests.ready();
    return true;
  }

  private static boolean accepts(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The program's command as it must be started. */
  public List<String> programCommand(List<String> command) {
    return network.programCommand(command);
  }

  /** The variables by which ordinary HTTP and gRPC clients find the outbound proxy. */
  public Map<String, String> programEnvironment() {
    return network.programEnvironment();
  }

  /** Who it is. */
  public WorkloadSpec spec() {
    return spec;
  }

  /** The address of its pod. */
  public String ip() {
    return network.ips().getFirst();
  }

  /** All addresses of its pod. */
  public List<String> ips() {
    return network.ips();
  }

  /** The interface on the host through which all its traffic passes; {@code lo} on loopback. */
  public String link() {
    return network.link();
  }

  /** The address of the outbound listener. */
  public String outboundAddress() {
    return ip() + ":" + MeshKeys.OUTBOUND_PORT;
  }

  /** The address of the inbound listener. */
  public String inboundAddress() {
    return ip() + ":" + MeshKeys.INBOUND_PORT;
  }

  /** A page of the proxy's admin server. */
  public URI adminUrl(String path) {
    return URI.create("http://" + ip() + ":" + MeshKeys.ADMIN_PORT + path);
  }

  /** Its proxy. */
  public ManagedProcess proxy() {
    return proxy;
  }

  /** Takes the workload out of the mesh; what is under way is finished first. */
  @Override
  public void close() {
    close(PROXY_STOP_GRACE);
  }

  /**
   * The same.
   *
   * @param grace how long its proxy may take to end by itself
   */
  public void close(Duration grace) {
    manifests.leave();
    tokenRenewal.shutdownNow();
    proxy.stop(grace);
    manifests.close();
    network.close();
    try {
      Files.deleteIfExists(tokenFile);
    } catch (IOException _) {
      // It is in the private state directory, and worthless in half a day.
    }
  }
}
