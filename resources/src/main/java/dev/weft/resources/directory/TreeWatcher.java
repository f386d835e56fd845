package dev.weft.resources.directory;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that something changed in some directories, and says so once it has been quiet for a
 * short while, or has not been for too long. Runs a thread of its own, which only waits.
 */
final class TreeWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TreeWatcher.class);

  private final WatchService service;
  private final Duration settle;
  private final Duration maxSettle;
  private final BiConsumer<Set<Path>, Boolean> onChange;
  private volatile @Nullable String failure;

  /**
   * @param onChange told which paths were touched, and whether there may be more than those
   */
  TreeWatcher(Duration settle, Duration maxSettle, BiConsumer<Set<Path>, Boolean> onChange)
      throws IOException {
    this.service = FileSystems.getDefault().newWatchService();
    this.settle = settle;
    this.maxSettle = maxSettle;
    this.onChange = onChange;
  }

  void start() {
    Thread.ofPlatform().name("weft-directory-watch").daemon().start(this::run);
  }

  /** Adds a directory; adding one again is cheap and does nothing. Any thread. */
  void add(Path directory) {
    try {
      directory.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
      failure = null;
    } catch (ClosedWatchServiceException _) {
      // Closing; nobody will look.
    } catch (IOException e) {
      if (failure == null) {
        LOG.warn(
            "directory {} is not watched, changes are seen by the periodic scan only; cause: {}",
            directory,
            e.toString());
      }
      failure = directory + ": not watched, changes are seen late; cause: " + e;
    }
  }

  /** Why live changes are not seen, if so. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.debug("closing a watch service failed", e);
    }
  }

  private void run() {
    try {
      while (true) {
        Set<Path> touched = new HashSet<>();
        boolean more = collect(service.take(), touched);
        long began = System.nanoTime();
        WatchKey next;
        while (System.nanoTime() - began < maxSettle.toNanos()
            && (next = service.poll(settle.toNanos(), TimeUnit.NANOSECONDS)) != null) {
          more |= collect(next, touched);
        }
        onChange.accept(touched, more);
      }
    } catch (ClosedWatchServiceException _) {
      // Closed: the end.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Adds what the key tells; true if it tells that it does not tell all. */
  private static boolean collect(WatchKey key, Set<Path> touched) {
    boolean overflow = false;
    Path directory = (Path) key.watchable();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name) {
        touched.add(directory.resolve(name));
      } else {
        overflow = true;
      }
    }
    key.reset();
    return overflow;
  }
}
