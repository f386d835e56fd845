package dev.weft.e2e;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Runs programs of the operating system to their end. */
final class Commands {
  private static final long LIMIT_SECONDS = 60;

  private Commands() {}

  record Result(int code, String output) {}

  static Result run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " is not done after " + LIMIT_SECONDS + " s: " + output);
    }
    return new Result(process.exitValue(), output);
  }

  static boolean has(String program) throws Exception {
    return run(List.of("sh", "-c", "command -v " + program)).code() == 0;
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(java.time.Duration.ofSeconds(LIMIT_SECONDS)).until(condition);
  }
}
