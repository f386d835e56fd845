package dev.weft.redirect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the system's own programs, in a network namespace if one is given.
 *
 * @param prefix words before each command
 */
record Shell(List<String> prefix) {
  private static final long LIMIT_SECONDS = 60;

  /** Commands as they are. */
  static Shell here() {
    return new Shell(List.of());
  }

  /** Commands in the network namespace of a file, by {@code nsenter}. */
  static Shell inNamespace(String file) {
    return new Shell(List.of("nsenter", "--net=" + file, "--"));
  }

  /** What a program answered. */
  record Result(int code, String output, String errors) {}

  Result run(List<String> command, String input) {
    List<String> whole = whole(command);
    try {
      Process process = new ProcessBuilder(whole).start();
      StringBuilder said = new StringBuilder();
      Thread reader = Thread.ofPlatform().start(() -> said.append(text(process.getErrorStream())));
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // It ended without reading; its exit code tells why.
      }
      String output = text(process.getInputStream());
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(-1, output, "not done after " + LIMIT_SECONDS + " s");
      }
      reader.join();
      return new Result(process.exitValue(), output, said.toString());
    } catch (IOException e) {
      return new Result(-1, "", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(-1, "", "interrupted");
    }
  }

  List<String> whole(List<String> command) {
    return Stream.concat(prefix.stream(), command.stream()).toList();
  }

  private static String text(java.io.InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Whether a program is on the path. */
  static boolean has(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
