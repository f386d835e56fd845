package dev.weft.resources.kubernetes;

import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.Tree;
import dev.weft.resources.kubernetes.KubernetesSource.Settings;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows all objects of one kind: lists them, then watches from where the list ended. A watch that
 * ends is taken up where it ended; when the server no longer knows that version (410), or after the
 * resync period, everything is listed again.
 *
 * <p>Runs on a thread of its own, which blocks. Every report waits until it has been taken in, so
 * that no more than one is ever under way.
 */
final class Reflector implements Runnable {
  /** What a reflector reports to; calls block until taken in. */
  interface Sink {
    /** These are all objects now. */
    void replaced(ResourceKind kind, List<Seen> all) throws InterruptedException;

    /** These changed, in order. */
    void changed(ResourceKind kind, List<Seen> changes) throws InterruptedException;

    /** Changes are seen again. */
    void connected(ResourceKind kind) throws InterruptedException;

    /** Changes are not seen, and why. */
    void lost(ResourceKind kind, String reason) throws InterruptedException;

    /** The cluster does not let us see this kind, and why. */
    void denied(ResourceKind kind, String reason) throws InterruptedException;

    /** The cluster has no such kind; it counts as empty until it does. */
    void unknownKind(ResourceKind kind, String reason) throws InterruptedException;
  }

  private static final Duration MIN_BACKOFF = Duration.ofMillis(100);

  /** How much longer than agreed a watch may be open before it counts as dead. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final ResourceKind kind;
  private final ApiServer server;
  private final Settings settings;
  private final Sink sink;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Closeable running;

  // Below: confined to the reflector's thread.
  private String version;
  private String resourceVersion = "";
  private long listedNanos;
  private int failures;

  Reflector(
      ResourceKind kind,
      ApiServer server,
      Settings settings,
      Sink sink,
      ScheduledExecutorService timer,
      RandomGenerator random) {
    this.kind = kind;
    this.server = server;
    this.settings = settings;
    this.sink = sink;
    this.timer = timer;
    this.random = random;
    this.version = kind.versions().getFirst();
  }

  @Override
  public void run() {
    try {
      while (!isClosed()) {
        Duration pause = step();
        if (pause.isPositive() && closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    closed.countDown();
    abort(running);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** One list, where one is due, and one watch; returns how long to wait before the next. */
  private Duration step() throws InterruptedException {
    try {
      boolean due = System.nanoTime() - listedNanos >= settings.resync().toNanos();
      if (resourceVersion.isEmpty() || due) {
        list();
      }
      watch();
      return Duration.ZERO;
    } catch (ApiException e) {
      if (e.code() == ApiException.GONE) {
        resourceVersion = "";
        failures++;
        return failures == 1 ? Duration.ZERO : backoff();
      }
      if (e.code() == ApiException.NOT_FOUND) {
        resourceVersion = "";
        sink.unknownKind(kind, String.valueOf(e.getMessage()));
        return settings.unknownKindRetry();
      }
      if (e.code() == ApiException.FORBIDDEN && !isClosed()) {
        failures++;
        sink.denied(kind, String.valueOf(e.getMessage()));
        return backoff();
      }
      // A server that has too much to do says how long it wants to be left alone.
      return longer(lost(e), e.retryAfter());
    } catch (IOException e) {
      return lost(e);
    } catch (RuntimeException | LinkageError e) {
      return lost(e);
    }
  }

  private Duration lost(Throwable e) throws InterruptedException {
    if (!isClosed()) {
      failures++;
      sink.lost(kind, String.valueOf(e.getMessage()));
    }
    return backoff();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** Doubles up to the limit; half of it is random, so that replicas do not return in step. */
  private Duration backoff() {
    long millis = MIN_BACKOFF.toMillis() << Math.min(failures, 20);
    long capped = Math.min(millis, settings.maxBackoff().toMillis());
    return Duration.ofMillis(capped / 2 + random.nextLong(capped / 2 + 1));
  }

  private void list() throws ApiException, IOException, InterruptedException {
    List<Seen> all = new ArrayList<>();
    resourceVersion = listOfKnownVersion(all);
    listedNanos = System.nanoTime();
    sink.replaced(kind, all);
  }

  /** Asks in the version last known to the server, then in the others it may know. */
  private String listOfKnownVersion(List<Seen> all)
      throws ApiException, IOException, InterruptedException {
    List<String> candidates = new ArrayList<>(kind.versions());
    candidates.remove(version);
    candidates.addFirst(version);
    for (String candidate : candidates) {
      try {
        all.clear();
        String listed =
            server.list(
                kind, candidate, this::began, object -> all.add(see(candidate, object, false)));
        version = candidate;
        return listed;
      } catch (ApiException e) {
        boolean last = candidate.equals(candidates.getLast());
        if (e.code() != ApiException.NOT_FOUND || last) {
          throw e;
        }
      } finally {
        running = null;
      }
    }
    throw new AssertionError("every kind has a version");
  }

  private void watch() throws ApiException, IOException, InterruptedException {
    long seconds = settings.watchLimit().toSeconds();
    Duration limit = Duration.ofSeconds(seconds / 2 + random.nextLong(seconds / 2 + 1));
    ScheduledFuture<?> watchdog =
        timer.schedule(() -> abort(running), limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    try (EventStream events = server.watch(kind, version, resourceVersion, limit)) {
      began(events);
      failures = 0;
      sink.connected(kind);
      List<Tree.Mapping> together = events.next();
      while (!together.isEmpty()) {
        take(together);
        together = events.next();
      }
    } finally {
      running = null;
      watchdog.cancel(false);
    }
  }

  /** Notes what is to be closed with the reflector, which may have happened already. */
  private void began(Closeable answer) {
    running = answer;
    if (isClosed()) {
      abort(answer);
    }
  }

  private void take(List<Tree.Mapping> events)
      throws ApiException, IOException, InterruptedException {
    List<Seen> changes = new ArrayList<>();
    for (Tree.Mapping event : events) {
      String type = ApiServer.text(event, "type");
      if (!(event.fields().get("object") instanceof Tree.Mapping object)) {
        continue;
      }
      switch (type) {
        case "ADDED", "MODIFIED" -> changes.add(see(version, object, false));
        case "DELETED" -> changes.add(see(version, object, true));
        case "BOOKMARK" -> {
          // Only moves the version below.
        }
        case "ERROR" -> {
          report(changes);
          throw error(object);
        }
        default -> throw new IOException("an event of unknown type '" + type + "'");
      }
      String seen = ApiServer.text(object, "metadata", "resourceVersion");
      if (!seen.isEmpty()) {
        resourceVersion = seen;
      }
    }
    report(changes);
  }

  private void report(List<Seen> changes) throws InterruptedException {
    if (!changes.isEmpty()) {
      sink.changed(kind, changes);
    }
  }

  private ApiException error(Tree.Mapping status) {
    String code = ApiServer.text(status, "code");
    int number = code.matches("[0-9]{3}") ? Integer.parseInt(code) : 500;
    return new ApiException(
        number,
        "watch of "
            + kind.plural()
            + " ended with "
            + code
            + " "
            + ApiServer.text(status, "message"));
  }

  private Seen see(String apiVersion, Tree.Mapping object, boolean deleted) {
    String namespace = kind.namespaced() ? ApiServer.text(object, "metadata", "namespace") : "";
    ResourceKey key = new ResourceKey(kind, namespace, ApiServer.text(object, "metadata", "name"));
    if (deleted) {
      return new Seen.Gone(key);
    }
    try {
      return new Seen.There(ResourceDecoder.object(kind, apiVersion, object));
    } catch (DecodeException e) {
      return new Seen.Unreadable(key, String.valueOf(e.getMessage()));
    }
  }

  private static void abort(@Nullable Closeable body) {
    if (body != null) {
      try {
        body.close();
      } catch (IOException _) {
        // It is as good as closed.
      }
    }
  }
}
