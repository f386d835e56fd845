package dev.weft.resources.directory;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.KindHealth;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.SourceStatus;
import dev.weft.resources.Subscription;
import dev.weft.resources.watch.Subscriber;
import dev.weft.resources.watch.Subscribers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects from manifests in one or several directories: {@code *.yaml}, {@code *.yml} and {@code
 * *.json}, at any depth, multi-document files and {@code kind: List} included. An object without a
 * namespace is in {@code default}.
 *
 * <ul>
 *   <li>A file is one unit: while any part of it cannot be read, all its objects stay as they last
 *       were, and {@link #status()} and the log name file, line and reason. An empty file counts as
 *       half-written.
 *   <li>An object in two files belongs to the first: roots in the given order, then paths in
 *       natural order. The other is a problem, and takes over when the first is gone.
 *   <li>Deleting a file deletes its objects. A directory that cannot be listed deletes nothing.
 *   <li>Changes are noticed by the operating system's events and a slow scan, and are reported in
 *       one batch once the files have been quiet for {@link Settings#settle()}.
 *   <li>Synced means that each root has been listed at least once; until then listeners wait.
 * </ul>
 *
 * <p>Owns two threads until closed: one waits for events, the other reads files and calls
 * listeners.
 */
public final class DirectorySource implements ResourceSource {
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

  /**
   * How changes are noticed.
   *
   * @param settle how long files must be quiet before they are read
   * @param maxSettle after how long they are read although they are not quiet
   * @param rescan how often all is looked at anyway, for file systems without events
   */
  public record Settings(Duration settle, Duration maxSettle, Duration rescan) {
    /** 50 ms, 500 ms, 2 s. */
    public static final Settings DEFAULT =
        new Settings(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(2));
  }

  private final List<Path> roots;
  private final Clock clock;
  private final TreeWatcher watcher;
  private final ScheduledExecutorService loop;
  private final Subscribers subscribers;
  private volatile SourceStatus status;

  // Below: confined to the loop.
  private final Manifests manifests;
  private final List<Subscriber> waiting = new ArrayList<>();
  private final Set<ResourceKind> watchedKinds = new HashSet<>();
  private Map<ResourceKey, Resource> objects = Map.of();
  private List<String> problems = List.of();
  private Optional<String> lastError = Optional.empty();
  private long changes;
  private long errors;

  private DirectorySource(List<Path> roots, Settings settings, Clock clock) throws IOException {
    this.roots = roots;
    this.clock = clock;
    this.manifests = new Manifests(roots);
    this.loop =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-directory-source").daemon().factory());
    this.subscribers = new Subscribers(loop);
    this.watcher = new TreeWatcher(settings.settle(), settings.maxSettle(), this::touched);
    String name =
        roots.stream().map(Path::toString).collect(Collectors.joining(", ", "directory ", ""));
    this.status = SourceStatus.unconnected(name, clock.instant());
  }

  /**
   * Begins to read and to watch. Directories need not exist yet; the source is not synced before
   * all of them do.
   *
   * @param roots at least one directory, the most important first
   * @throws IOException if the operating system gives no means to watch files
   */
  public static DirectorySource start(List<Path> roots, Settings settings, Clock clock)
      throws IOException {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no directory to read; fix: name at least one");
    }
    List<Path> absolute =
        roots.stream().map(root -> root.toAbsolutePath().normalize()).distinct().toList();
    // A directory inside another is read with that one; twice would make every object a duplicate.
    List<Path> outermost =
        absolute.stream()
            .filter(
                root ->
                    absolute.stream()
                        .noneMatch(other -> !other.equals(root) && root.startsWith(other)))
            .toList();
    DirectorySource source = new DirectorySource(outermost, settings, clock);
    source.watcher.start();
    source.loop.execute(() -> source.scan(Set.of(), false));
    long rescanMillis = settings.rescan().toMillis();
    source.loop.scheduleWithFixedDelay(
        () -> source.scan(Set.of(), false), rescanMillis, rescanMillis, TimeUnit.MILLISECONDS);
    return source;
  }

  @Override
  public Subscription watch(Set<ResourceKind> kinds, ResourceListener listener) {
    return subscribers.watch(kinds, listener, this::subscribe);
  }

  @Override
  public SourceStatus status() {
    return status;
  }

  @Override
  public void close() {
    subscribers.close();
    watcher.close();
    loop.shutdownNow();
  }

  private void touched(Set<Path> paths, boolean more) {
    try {
      loop.execute(() -> scan(paths, more));
    } catch (RejectedExecutionException _) {
      // Closed.
    }
  }

  private void scan(Set<Path> dirty, boolean everything) {
    try {
      long now = clock.millis();
      for (Path root : roots) {
        manifests.update(root, Listing.of(root, watcher::add), dirty, everything, now);
      }
      Manifests.View view = manifests.view();
      Map<ResourceKey, Resource> before = objects;
      objects = view.objects();
      List<ResourceChange> batch = difference(before, objects);
      changes += batch.size();
      reportProblems(view.problems());
      // First, so that whoever is told of a change finds it in the status.
      updateStatus();
      report(batch);
      if (manifests.isComplete()) {
        waiting.forEach(this::begin);
        waiting.clear();
      }
    } catch (RuntimeException | LinkageError e) {
      // A scheduled task that throws would never run again.
      LOG.error("scan of {} failed; cause: a fault in Weft; the next scan tries again", roots, e);
    }
  }

  private void subscribe(Subscriber subscriber) {
    watchedKinds.addAll(subscriber.kinds());
    updateStatus();
    if (manifests.isComplete()) {
      begin(subscriber);
    } else {
      waiting.add(subscriber);
    }
  }

  private void begin(Subscriber subscriber) {
    subscribers.add(subscriber);
    subscriber.applied(objects.values());
    subscriber.kinds().forEach(subscriber::synced);
  }

  private static List<ResourceChange> difference(
      Map<ResourceKey, Resource> before, Map<ResourceKey, Resource> after) {
    List<ResourceChange> batch = new ArrayList<>();
    before.keySet().stream()
        .filter(key -> !after.containsKey(key))
        .forEach(key -> batch.add(new ResourceChange.Deleted(key)));
    after.forEach(
        (key, resource) -> {
          if (!resource.equals(before.get(key))) {
            batch.add(new ResourceChange.Applied(resource));
          }
        });
    return batch;
  }

  private void report(List<ResourceChange> batch) {
    if (batch.isEmpty()) {
      return;
    }
    if (!subscribers.isEmpty()) {
      LOG.info("manifests changed: directories={} objects={}", roots, batch.size());
    }
    subscribers.report(batch);
  }

  private void reportProblems(List<String> found) {
    Set<String> before = Set.copyOf(problems);
    Set<String> now = Set.copyOf(found);
    lastError = lastError.filter(now::contains);
    for (String problem : found) {
      if (!before.contains(problem)) {
        errors++;
        lastError = Optional.of(problem);
        LOG.warn("manifest problem: {}", problem);
      }
    }
    for (String problem : problems) {
      if (!now.contains(problem)) {
        LOG.info("manifest problem solved: {}", problem);
      }
    }
    problems = found;
  }

  private void updateStatus() {
    SourceStatus before = status;
    boolean connected = manifests.isConnected();
    Instant since = connected == before.connected() ? before.since() : clock.instant();
    List<String> shown = new ArrayList<>(problems);
    String unwatched = watcher.failure();
    if (unwatched != null) {
      shown.add(unwatched);
    }
    Map<ResourceKind, Integer> counts = new EnumMap<>(ResourceKind.class);
    watchedKinds.forEach(kind -> counts.put(kind, 0));
    Map<ResourceKind, KindHealth> kinds = new EnumMap<>(ResourceKind.class);
    watchedKinds.forEach(kind -> kinds.put(kind, connected ? KindHealth.SEEN : KindHealth.LOST));
    objects.keySet().forEach(key -> counts.computeIfPresent(key.kind(), (_, n) -> n + 1));
    status =
        new SourceStatus(
            before.name(),
            connected,
            manifests.isComplete(),
            since,
            lastError,
            shown.stream().limit(SourceStatus.MAX_PROBLEMS).toList(),
            kinds,
            counts,
            changes,
            errors);
  }
}
