package dev.weft.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Steady requests from outside the mesh, each on a connection of its own, until it is ended. Prints
 * a line per second: {@code sent=N failed=M}; and each failure when it happens.
 */
@Command(name = "demo-load", hidden = true, exitCodeOnInvalidInput = 1)
public final class DemoLoadCommand implements Callable<Integer> {
  private static final int TIMEOUT_MILLIS = 15_000;
  private static final long REPORT_MILLIS = 1000;

  @Parameters(paramLabel = "URL", description = "What to ask.")
  private URI url = URI.create("http://localhost/");

  @Option(names = "--threads", defaultValue = "2", description = "Requests under way at once.")
  private int threads = 2;

  @Option(names = "--pause", defaultValue = "20", description = "Milliseconds between requests.")
  private long pauseMillis = 20;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    // A connection of its own for each request: none can be caught by a server that is leaving.
    System.setProperty("http.keepAlive", "false");
    try (Load load = Load.start(threads, pauseMillis, List.of(() -> ask(out)))) {
      while (true) {
        Thread.sleep(REPORT_MILLIS);
        out.printf("sent=%d failed=%d%n", load.sent(), load.failed());
        out.flush();
      }
    }
  }

  private Outcome ask(PrintWriter out) {
    Outcome outcome;
    try {
      HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        String text =
            body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        outcome = new Outcome(status == 200, status == 200 ? text : status + " " + text);
      }
    } catch (IOException e) {
      outcome = new Outcome(false, String.valueOf(e));
    }
    if (!outcome.ok()) {
      out.println(Instant.now() + " " + outcome.detail());
      out.flush();
    }
    return outcome;
  }
}
