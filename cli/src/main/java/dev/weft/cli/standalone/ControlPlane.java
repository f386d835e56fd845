package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.ServiceAccountRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The three services of a standalone mesh as processes: started in order, started again when one
 * dies, ended together. Thread-safe.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

  /**
   * How a control plane is started.
   *
   * @param manifests directories of manifests
   * @param anyPorts whether to take free ports rather than the usual ones
   * @param leafLifetime life of workload certificates
   * @param defaultPolicy policy of ports no manifest speaks of
   * @param network how workloads are connected; its bridge is removed at the end
   */
  public record Settings(
      List<Path> manifests,
      boolean anyPorts,
      Duration leafLifetime,
      String defaultPolicy,
      MeshNetwork network) {
    public Settings {
      manifests = List.copyOf(manifests);
    }

    List<Path> directories(StateDirectory state) {
      return Stream.concat(manifests.stream(), Stream.of(state.workloads())).toList();
    }
  }

  private final Distribution distribution;
  private final StateDirectory state;
  private final Settings settings;
  private final MeshFile mesh;
  private final Consumer<String> progress;
  private final Map<ControlPlaneService, ManagedProcess> running =
      new EnumMap<>(ControlPlaneService.class);
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable ServiceHosts hosts;

  private ControlPlane(
      Distribution distribution,
      StateDirectory state,
      Settings settings,
      MeshFile mesh,
      Consumer<String> progress) {
    this.distribution = distribution;
    this.state = state;
    this.settings = settings;
    this.mesh = mesh;
    this.progress = progress;
  }

  /**
   * Starts all services and returns when all are ready.
   *
   * @param progress told one line per step
   */
  public static ControlPlane start(
      Distribution distribution, StateDirectory state, Settings settings, Consumer<String> progress)
      throws InterruptedException {
    Map<ControlPlaneService, MeshFile.Ports> ports = new EnumMap<>(ControlPlaneService.class);
    for (ControlPlaneService service : ControlPlaneService.values()) {
      ports.put(
          service,
          new MeshFile.Ports(
              port(settings.network().host(), service.defaultGrpcPort(), settings.anyPorts()),
              port(settings.network().host(), service.defaultAdminPort(), settings.anyPorts())));
    }
    MeshFile mesh = new MeshFile(settings.network(), ports, ProcessHandle.current().pid());
    ControlPlane plane = new ControlPlane(distribution, state, settings, mesh, progress);
    try {
      plane.startAll();
    } catch (RuntimeException | InterruptedException e) {
      plane.close();
      throw e;
    }
    return plane;
  }

  private void startAll() throws InterruptedException {
    startNow(ControlPlaneService.IDENTITY);
    awaitReady(ControlPlaneService.IDENTITY);
    mintServiceToken();
    // The other two do not wait for each other.
    startNow(ControlPlaneService.DESTINATION);
    startNow(ControlPlaneService.POLICY);
    awaitReady(ControlPlaneService.DESTINATION);
    awaitReady(ControlPlaneService.POLICY);
    if (settings.network().kind() == MeshNetwork.Kind.NAMESPACES) {
      hosts = ServiceHosts.follow(settings.directories(state), state, settings.network());
    }
    mesh.save(state);
  }

  private void awaitReady(ControlPlaneService service) throws InterruptedException {
    long began = System.nanoTime();
    try (Progress _ = Progress.of(service.program(), "starting", progress)) {
      running(service)
          .awaitOk(
              URI.create("http://" + mesh.host() + ":" + adminPort(service) + "/ready"),
              START_LIMIT);
    }
    progress.accept(
        "%s ready after %.1f s".formatted(service.program(), (System.nanoTime() - began) / 1e9));
  }

  /** Waits until every service, as it is now or as it is started again, is ready. */
  public void awaitAllReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    for (ControlPlaneService service : ControlPlaneService.values()) {
      // A service that has just died has no living process to wait for yet.
      while (!running(service).isAlive() && System.nanoTime() - deadline < 0) {
        Thread.sleep(RESTART_PAUSE.dividedBy(10));
      }
      awaitReady(service);
    }
  }

  private int adminPort(ControlPlaneService service) {
    return mesh.ports().get(service).admin();
  }

  private synchronized ManagedProcess running(ControlPlaneService service) {
    ManagedProcess process = running.get(service);
    if (process == null) {
      throw new IllegalStateException(service + " was not started");
    }
    return process;
  }

  private synchronized void startNow(ControlPlaneService service) {
    if (closed.get()) {
      return;
    }
    ManagedProcess process =
        ManagedProcess.start(
            service.program(),
            distribution.service(service, ServiceSettings.of(service, state, settings, mesh)),
            Map.of(),
            state.logs().resolve(service.program() + ".log"));
    running.put(service, process);
    process.process().onExit().thenRun(() -> ended(service, process));
  }

  /** A service that dies is started again: what it knew, it reads again. */
  private void ended(ControlPlaneService service, ManagedProcess process) {
    synchronized (this) {
      if (closed.get() || running.get(service) != process) {
        return;
      }
    }
    progress.accept(
        "%s ended with code %d and is started again; log: %s"
            .formatted(service.program(), process.process().exitValue(), process.log()));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Thread.sleep(RESTART_PAUSE);
                mintServiceToken();
                startNow(service);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** The token by which destination and policy service are certified, as any workload is. */
  private void mintServiceToken() {
    ServiceAccountRef account =
        new ServiceAccountRef(
            IdentityNames.DEFAULT_CONTROL_PLANE_NAMESPACE,
            IdentityNames.DESTINATION_SERVICE_ACCOUNT);
    StateDirectory.replace(
        ServiceSettings.tokenFile(state),
        WorkloadToken.signedBy(state.signingKey()).mint(account, Instant.now()));
  }

  /** How the services are reached. */
  MeshFile mesh() {
    return mesh;
  }

  /** The directory this mesh lives in. */
  public StateDirectory state() {
    return state;
  }

  /** The process of a service by the name of its log, for those who test what its death does. */
  public ManagedProcess process(String program) {
    for (ControlPlaneService service : ControlPlaneService.values()) {
      if (service.program().equals(program)) {
        return running(service);
      }
    }
    throw new IllegalArgumentException("no service " + program);
  }

  /** The addresses of all services, for people. */
  public String describe() {
    return mesh.ports().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                "%s grpc %s:%d, admin http://%s:%d"
                    .formatted(
                        entry.getKey().program(),
                        mesh.host(),
                        entry.getValue().grpc(),
                        mesh.host(),
                        entry.getValue().admin()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    close(STOP_GRACE);
  }

  /**
   * Ends all services.
   *
   * @param grace how long each may take to end by itself
   */
  public void close(Duration grace) {
    List<ManagedProcess> processes;
    synchronized (this) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      processes = new ArrayList<>(running.values());
    }
    processes.forEach(process -> process.process().destroy());
    processes.forEach(process -> process.stop(grace));
    if (hosts != null) {
      hosts.close();
    }
    settings.network().removeBridge();
    try {
      Files.deleteIfExists(state.meshFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String host, int preferred, boolean any) {
    if (!any && isFree(host, preferred)) {
      return preferred;
    }
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new CliException("no port is free on " + host, String.valueOf(e), "end other servers");
    }
  }

  private static boolean isFree(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
