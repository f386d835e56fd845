package dev.weft.proxy.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;

/**
 * Tells the {@link Admission} when file descriptors or buffer memory run out. Runs on the admin
 * loop, about once a second.
 */
public final class ResourceWatch implements Runnable {
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
    admission.set(Admission.Reason.FILES, OpenFiles.count() > maxFiles * FILES_ABOVE);
    long memory = PlatformDependent.maxDirectMemory();
    admission.set(Admission.Reason.MEMORY, memory > 0 && usedBufferBytes() > memory * MEMORY_ABOVE);
  }

  private static long usedBufferBytes() {
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : 0;
  }

  private static long maxFiles() {
    return OpenFiles.limit().orElse(Integer.MAX_VALUE);
  }
}
