package dev.weft.redirect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Waits until the proxy of this pod is ready, then runs a command if one is given. As a container's
 * postStart hook it keeps the containers behind it from starting too early.
 */
final class AwaitCommand {
  /** Set to any reason, it makes this program wait for nothing. */
  static final String DISABLED = "LINKERD_DISABLED";

  private static final int CONNECT_MILLIS = 1000;
  private static final Flags.Known FLAGS =
      new Flags.Known(
          Set.of("port", "timeout", "backoff"),
          Set.of("shutdown", "verbose"),
          Map.of('p', "port", 't', "timeout", 'b', "backoff", 'S', "shutdown", 'v', "verbose"));

  private final Flags flags;
  private final int port;
  private final Log log;

  private AwaitCommand(Flags flags) {
    this.flags = flags;
    this.port = flags.values().containsKey("port") ? flags.port("port") : 4191;
    this.log = Log.of(flags.isOn("verbose", false) ? "debug" : "warn", "plain");
  }

  /** Returns the exit code: 0, 1 where time ran out, or that of the command. */
  static int run(List<String> words, Map<String, String> environment)
      throws InterruptedException, IOException {
    return new AwaitCommand(Flags.parse(words, FLAGS)).run(environment);
  }

  private int run(Map<String, String> environment) throws InterruptedException, IOException {
    String disabled = environment.getOrDefault(DISABLED, "");
    if (disabled.isEmpty() && !awaitReady()) {
      log.error(
          "the proxy is not ready after %s; cause: no 200 from http://localhost:%d/ready; fix: see"
                  .formatted(flags.text("timeout", ""), port)
              + " the log of the container linkerd-proxy");
      return 1;
    }
    if (flags.rest().isEmpty()) {
      return 0;
    }
    int code = follow(flags.rest());
    if (flags.isOn("shutdown", false) && disabled.isEmpty()) {
      log.debug("shutdown of the proxy: " + ask("POST", "/shutdown"));
    }
    return code;
  }

  private boolean awaitReady() throws InterruptedException {
    String timeout = flags.text("timeout", "");
    Duration limit = timeout.isEmpty() ? Duration.ofDays(365) : Durations.parse(timeout);
    Duration pause = Durations.parse(flags.text("backoff", "100ms"));
    long began = System.nanoTime();
    while (true) {
      int status = ask("GET", "/ready");
      log.debug("/ready: " + status);
      if (status == 200) {
        return true;
      }
      if (System.nanoTime() - began + pause.toNanos() > limit.toNanos()) {
        return false;
      }
      Thread.sleep(pause);
    }
  }

  /** The status of an answer of the proxy's admin server; 0 where there is none. */
  private int ask(String method, String path) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(CONNECT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .formatted(method, path, port)
                  .getBytes(StandardCharsets.US_ASCII));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return line != null && line.matches("HTTP/1\\.[01] \\d{3}.*")
          ? Integer.parseInt(line.substring(9, 12))
          : 0;
    } catch (IOException e) {
      log.debug(String.valueOf(e.getMessage()));
      return 0;
    }
  }

  /** Runs a command in place of this program, as far as Java can: same streams, same end. */
  private static int follow(List<String> command) throws InterruptedException, IOException {
    Process child = new ProcessBuilder(command).inheritIO().start();
    Thread stopper = Thread.ofPlatform().unstarted(() -> end(child));
    Runtime.getRuntime().addShutdownHook(stopper);
    return child.waitFor();
  }

  private static void end(Process child) {
    child.destroy();
    try {
      child.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
