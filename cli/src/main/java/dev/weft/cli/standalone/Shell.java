package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs small commands of the operating system to their end. */
final class Shell {
  private static final long LIMIT_SECONDS = 20;

  private Shell() {}

  /** Runs a command given as words separated by single blanks. */
  static void run(String words) {
    run(List.of(words.split(" ")), "");
  }

  /**
   * Runs a command.
   *
   * @param input what it reads
   * @throws CliException if it fails, with what it said
   */
  static void run(List<String> command, String input) {
    Result result = attempt(command, input);
    if (result.code() != 0) {
      throw new CliException(
          "the command failed: " + String.join(" ", command),
          result.output().isBlank() ? "exit code " + result.code() : result.output().strip(),
          "run as root on Linux with iproute2, iptables and util-linux, or use --network loopback");
    }
  }

  /** Runs a command whose failure is an answer. */
  static Result attempt(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(-1, output + " (not done after " + LIMIT_SECONDS + " s)");
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      return new Result(-1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(-1, "interrupted");
    }
  }

  /** Whether a program is on the path. */
  static boolean has(String program) {
    return attempt(List.of("sh", "-c", "command -v " + program), "").code() == 0;
  }

  record Result(int code, String output) {}
}
