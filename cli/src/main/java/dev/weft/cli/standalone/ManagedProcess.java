package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process with a log file, which can be waited for and ended. Thread-safe.
 *
 * <p>Owned by whoever started it; a child that is still alive when this process exits must have
 * been stopped by its owner.
 */
public final class ManagedProcess implements AutoCloseable {
  private static final int LOG_TAIL_BYTES = 2_000;
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

  private final String name;
  private final Process process;
  private final Path log;

  private ManagedProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program; both its output streams are appended to {@code log}.
   *
   * @param environment added to that of this process
   */
  public static ManagedProcess start(
      String name, List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ManagedProcess(name, start(name, builder), log);
  }

  private static Process start(String name, ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CliException(
          name + " cannot be started: " + builder.command().getFirst(),
          String.valueOf(e.getMessage()),
          "check that the program exists and may be executed");
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process itself, for those who wait for its end. */
  public Process process() {
    return process;
  }

  /**
   * Waits until a GET of {@code url} answers 200.
   *
   * @throws CliException if the process ends before, or the time is over; with the tail of its log
   */
  public void awaitOk(URI url, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PROBE_TIMEOUT).build()) {
      while (!answersOk(client, url)) {
        if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new CliException(
              name + " ended with code " + process.exitValue() + " before it was ready",
              "see the end of " + log + ":\n" + tail(),
              "mend what the log names");
        }
        if (System.nanoTime() - deadline > 0) {
          throw new CliException(
              name + " is not ready after " + limit.toSeconds() + " s (" + url + ")",
              "see the end of " + log + ":\n" + tail(),
              "mend what the log names");
        }
      }
    }
  }

  private static boolean answersOk(HttpClient client, URI url) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(PROBE_TIMEOUT).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (ConnectException | HttpTimeoutException _) {
      return false;
    } catch (IOException _) {
      return false;
    }
  }

  /** The last lines of the log, indented. */
  String tail() {
    try {
      byte[] all = Files.readAllBytes(log);
      int from = Math.max(0, all.length - LOG_TAIL_BYTES);
      String end = new String(all, from, all.length - from, StandardCharsets.UTF_8);
      return end.strip().indent(4).stripTrailing();
    } catch (IOException e) {
      return "    (the log cannot be read: " + e + ")";
    }
  }

  /** Asks the process to end, and after {@code grace} ends it. */
  public void stop(Duration grace) {
    process.destroy();
    try {
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process without asking (SIGKILL), as a crash would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(5));
  }
}
