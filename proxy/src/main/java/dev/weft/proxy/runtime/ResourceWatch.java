package dev.weft.proxy.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the {@link Admission} when file descriptors or buffer memory run out. Runs on the admin
 * loop, about once a second.
 */
public final class ResourceWatch implements Runnable {
  private static final Path SELF = Path.of("/proc/self");
  private static final String MAX_FILES = "Max open files";

  /** Descriptors left for files, logs, the control plane and the other end of connections. */
  private static final int SPARE_FILES = 256;

  private static final double FILES_ABOVE = 0.95;
  private static final double MEMORY_ABOVE = 0.85;

  /** Connections even a process with few descriptors accepts. */
  private static final int MIN_CONNECTIONS = 16;

  private final Admission admission;
  private final long maxFiles;

  /** A watch over this process. */
  public ResourceWatch(Admission admission) {
    this.admission = admission;
    this.maxFiles = maxFiles();
  }

  /** How many connections this process can carry, each with one to the other end. */
  public static int maxConnections() {
    long files = Math.max(0, maxFiles() - SPARE_FILES) / 2;
    return (int) Math.clamp(files, MIN_CONNECTIONS, Integer.MAX_VALUE);
  }

  @Override
  public void run() {
    admission.set(Admission.Reason.FILES, openFiles() > maxFiles * FILES_ABOVE);
    long memory = PlatformDependent.maxDirectMemory();
    admission.set(Admission.Reason.MEMORY, memory > 0 && usedBufferBytes() > memory * MEMORY_ABOVE);
  }

  private static long usedBufferBytes() {
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : 0;
  }

  private static long openFiles() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SELF.resolve("fd"))) {
      long count = 0;
      for (Path _ : files) {
        count++;
      }
      return count;
    } catch (IOException _) {
      return 0; // No descriptor left to look: accept reports that by itself, and pauses.
    }
  }

  /** The limit of this process; the greatest number where it is unknown or there is none. */
  private static long maxFiles() {
    try {
      for (String line : Files.readAllLines(SELF.resolve("limits"))) {
        if (line.startsWith(MAX_FILES)) {
          return Long.parseLong(line.substring(MAX_FILES.length()).strip().split("\\s+", -1)[0]);
        }
      }
    } catch (IOException | NumberFormatException _) {
      // Not Linux, or unlimited.
    }
    return Integer.MAX_VALUE;
  }
}
