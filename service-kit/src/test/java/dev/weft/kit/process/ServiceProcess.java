package dev.weft.kit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A packaged service, JVM or native, as a process of its own, seen from outside only: its ports and
 * its log. Closing stops it.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private final int port;
  private final int adminPort;
  private final Path log;
  private final Process process;

  private ServiceProcess(int port, int adminPort, Path log, Process process) {
    this.port = port;
    this.adminPort = adminPort;
    this.log = log;
    this.process = process;
  }

  /** Starts a service whose main listener is gRPC; properties are written {@code key=value}. */
  public static ServiceProcess start(Path log, String... properties) throws IOException {
    return start(log, "weft.grpc", Map.of(), List.of(properties));
  }

  /**
   * Starts a service.
   *
   * @param log the file that takes what it prints
   * @param listener prefix of the settings {@code host} and {@code port} of its main listener
   * @param environment variables on top of those of the test
   * @param properties more settings, each {@code key=value}
   */
  public static ServiceProcess start(
      Path log, String listener, Map<String, String> environment, List<String> properties)
      throws IOException {
    int port = freePort();
    int adminPort = freePort();
    List<String> all = new ArrayList<>();
    all.add(listener + ".host=127.0.0.1");
    all.add(listener + ".port=" + port);
    all.add("weft.admin.host=127.0.0.1");
    all.add("weft.admin.port=" + adminPort);
    all.addAll(properties);
    ProcessBuilder builder =
        new ProcessBuilder(ServiceProgram.command(all))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new ServiceProcess(port, adminPort, log, builder.start());
  }

  /** The port of its main listener. */
  public int port() {
    return port;
  }

  /** Waits until it says that it is ready; fails where it ends or never does. */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new AssertionError("the service ended: " + log());
      }
      try {
        if (get("/ready").equals("ok\n")) {
          return;
        }
      } catch (IOException _) {
        // It does not listen yet.
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("not ready within " + START_LIMIT + ": " + log());
  }

  /** Where its admin endpoints are. */
  public URI admin() {
    return URI.create("http://127.0.0.1:" + adminPort + "/");
  }

  /** The body of an admin endpoint. */
  public String get(String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(admin().resolve(path)).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** Waits for it to end by itself; the exit code. */
  public int awaitExit() throws InterruptedException, IOException {
    if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the service still runs: " + log());
    }
    return process.exitValue();
  }

  /** Like kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** What it printed so far. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }
}
