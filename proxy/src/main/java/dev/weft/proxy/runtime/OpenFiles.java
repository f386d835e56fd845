package dev.weft.proxy.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** This process's file descriptors, as {@code /proc/self} tells of them. Source: proc(5). */
public final class OpenFiles {
  private static final Path SELF = Path.of("/proc/self");
  private static final String LIMIT = "Max open files";

  private OpenFiles() {}

  /** How many are open; 0 where nobody can tell, as when no descriptor is left to look. */
  public static long count() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SELF.resolve("fd"))) {
      long count = 0;
      for (Path _ : files) {
        count++;
      }
      return count;
    } catch (IOException _) {
      return 0;
    }
  }

  /** How many may be; empty where there is no limit, or none is known. */
  public static OptionalLong limit() {
    try {
      for (String line : Files.readAllLines(SELF.resolve("limits"))) {
        if (line.startsWith(LIMIT)) {
          return OptionalLong.of(
              Long.parseLong(line.substring(LIMIT.length()).strip().split("\\s+", -1)[0]));
        }
      }
    } catch (IOException | NumberFormatException _) {
      // Not Linux, or unlimited.
    }
    return OptionalLong.empty();
  }
}
