package dev.weft.identity;

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
import java.util.concurrent.TimeUnit;

/** The packaged service as a process of its own. Closing stops it. */
final class ServiceProcess implements AutoCloseable {
  static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  final int grpcPort;
  private final int adminPort;
  private final Path log;
  private final Process process;

  private ServiceProcess(int grpcPort, int adminPort, Path log, Process process) {
    this.grpcPort = grpcPort;
    this.adminPort = adminPort;
    this.log = log;
    this.process = process;
  }

  static ServiceProcess start(Path log, String... properties) throws IOException {
    int grpcPort = freePort();
    int adminPort = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dweft.grpc.host=127.0.0.1");
    command.add("-Dweft.grpc.port=" + grpcPort);
    command.add("-Dweft.admin.host=127.0.0.1");
    command.add("-Dweft.admin.port=" + adminPort);
    for (String property : properties) {
      command.add("-D" + property);
    }
    command.add("-jar");
    command.add(JAR.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new ServiceProcess(grpcPort, adminPort, log, process);
  }

  void awaitReady() throws IOException, InterruptedException {
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

  String get(String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  int awaitExit() throws InterruptedException, IOException {
    if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the service still runs: " + log());
    }
    return process.exitValue();
  }

  /** Like kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  String log() throws IOException {
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
