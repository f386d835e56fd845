package dev.weft.proxy.admin;

import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What the kernel knows of this process, read from {@code /proc/self} when metrics are asked for;
 * zero where there is none. Source: facts/proxy.md 4.4.
 */
public final class ProcessMetrics {
  private static final Path SELF = Path.of("/proc/self");
  private static final double TICKS_PER_SECOND = 100;
  private static final double PAGE_BYTES = 4_096;

  /** Positions in {@code /proc/self/stat} after the command's closing parenthesis; see proc(5). */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;
  private static final int THREADS = 17;
  private static final int VIRTUAL_BYTES = 20;
  private static final int RESIDENT_PAGES = 21;

  private ProcessMetrics() {}

  /** Declares the metrics of the process and of its build. */
  public static void declare(Metrics metrics, Instant start, String version) {
    metrics.reading(
        "process_start_time_seconds",
        "Time that the process started (in seconds since the UNIX epoch)",
        Labels.NONE,
        start::getEpochSecond);
    long startNanos = System.nanoTime();
    metrics.countReading(
        "process_uptime_seconds_total",
        "Total time since the process started (in seconds)",
        Labels.NONE,
        () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos));
    metrics.countReading(
        "process_cpu_seconds_total",
        "Total user and system CPU time spent in seconds.",
        Labels.NONE,
        () -> stat(s -> (number(s, USER_TICKS) + number(s, SYSTEM_TICKS)) / TICKS_PER_SECOND));
    metrics.reading(
        "process_threads",
        "Number of OS threads in the process.",
        Labels.NONE,
        () -> stat(s -> number(s, THREADS)));
    metrics.reading(
        "process_virtual_memory_bytes",
        "Virtual memory size in bytes.",
        Labels.NONE,
        () -> stat(s -> number(s, VIRTUAL_BYTES)));
    metrics.reading(
        "process_resident_memory_bytes",
        "Resident memory size in bytes.",
        Labels.NONE,
        () -> stat(s -> number(s, RESIDENT_PAGES) * PAGE_BYTES));
    metrics.reading(
        "process_open_fds", "Number of open file descriptors.", Labels.NONE, OpenFiles::count);
    metrics.reading(
        "process_max_fds",
        "Maximum number of open file descriptors.",
        Labels.NONE,
        () -> OpenFiles.limit().orElse(0));
    metrics.reading(
        "proxy_build_info",
        "Proxy build info",
        Labels.of(
            "version", version, "git_sha", "", "profile", "release", "date", "", "vendor", "weft"),
        () -> 1);
  }

  private static double stat(ToDoubleFunction<String[]> read) {
    try {
      String line = Files.readString(SELF.resolve("stat"));
      return read.applyAsDouble(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    } catch (IOException | RuntimeException _) {
      return 0;
    }
  }

  private static double number(String[] fields, int at) {
    return Double.parseDouble(fields[at].strip());
  }
}
