package dev.weft.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the building machine to their end. */
public final class Commands {
  private static final long LIMIT_SECONDS = 900;

  private Commands() {}

  /**
   * Runs a command and returns what it writes to standard output.
   *
   * @param fix what to do where it is missing or fails
   * @throws ImageException if it cannot be run, fails, or does not end within a quarter of an hour
   */
  public static byte[] output(Path directory, String fix, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.PIPE)
              .start();
      process.getOutputStream().close();
      byte[][] errors = new byte[1][];
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      errors[0] = process.getErrorStream().readAllBytes();
                    } catch (IOException e) {
                      errors[0] = e.toString().getBytes(StandardCharsets.UTF_8);
                    }
                  });
      byte[] output = process.getInputStream().readAllBytes();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new ImageException(
            String.join(" ", command), "not done after " + LIMIT_SECONDS + " s", fix);
      }
      reader.join();
      if (process.exitValue() != 0) {
        throw new ImageException(
            String.join(" ", command) + " failed",
            new String(errors[0], StandardCharsets.UTF_8).strip(),
            fix);
      }
      return output;
    } catch (IOException e) {
      throw new ImageException(String.join(" ", command) + " cannot be run", e.toString(), fix);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(String.join(" ", command) + " was stopped", e.toString(), fix);
    }
  }

  /** The same, as lines of text. */
  public static List<String> lines(Path directory, String fix, List<String> command) {
    return new String(output(directory, fix, command), StandardCharsets.UTF_8).lines().toList();
  }
}
