package dev.weft.resources.kubernetes;

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
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects from a Kubernetes API server, of all namespaces. Each kind that anybody watches is listed
 * and watched once, from the first watch on.
 *
 * <ul>
 *   <li>An object that cannot be decoded stays as it last was, and is a problem until it is mended
 *       or deleted.
 *   <li>A kind the cluster does not know (its CRD is not installed) counts as empty and is asked
 *       for again every now and then.
 *   <li>A connection that is lost, or a request that is refused, changes nothing but {@link
 *       #status()}; requests are repeated with growing pauses.
 * </ul>
 *
 * <p>Owns a thread that calls listeners, a timer, and one virtual thread per kind, until closed.
 * Borrows the client.
 */
public final class KubernetesSource implements ResourceSource {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

  /**
   * How the server is treated.
   *
   * @param resync after how long all objects are listed again although nothing went wrong
   * @param watchLimit how long one watch request may live at most, 2 s or more; a random share of
   *     it is asked for
   * @param maxBackoff the longest pause after failures
   * @param unknownKindRetry after how long the cluster is asked again for a kind it did not know
   */
  public record Settings(
      Duration resync, Duration watchLimit, Duration maxBackoff, Duration unknownKindRetry) {
    /** 1 h, 8 min, 30 s, 30 s. */
    public static final Settings DEFAULT =
        new Settings(
            Duration.ofHours(1),
            Duration.ofMinutes(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
  }

  /** What is known of one kind. */
  private static final class KindState {
    final Reflector reflector;
    final Map<ResourceKey, Resource> objects = new LinkedHashMap<>();
    final Map<ResourceKey, String> unreadable = new TreeMap<>();
    boolean synced;
    KindHealth health = KindHealth.PENDING;
    @Nullable String failure;

    KindState(Reflector reflector) {
      this.reflector = reflector;
    }
  }

  private final ApiServer server;
  private final Settings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final ScheduledExecutorService loop;
  private final ScheduledExecutorService timer;
  private final Subscribers subscribers;
  private volatile SourceStatus status;

  // Below: confined to the loop.
  private final Map<ResourceKind, KindState> kinds = new EnumMap<>(ResourceKind.class);
  private Optional<String> lastError = Optional.empty();
  private long changes;
  private long errors;

  private KubernetesSource(
      KubernetesClient client, Settings settings, Clock clock, RandomGenerator random) {
    this.server = new ApiServer(client);
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.loop =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-kubernetes-source").daemon().factory());
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-kubernetes-timer").daemon().factory());
    this.subscribers = new Subscribers(loop);
    this.status = SourceStatus.unconnected("kubernetes " + server.url(), clock.instant());
  }

  /** Starts without any watch. */
  public static KubernetesSource start(
      KubernetesClient client, Settings settings, Clock clock, RandomGenerator random) {
    return new KubernetesSource(client, settings, clock, random);
  }

  @Override
  public Subscription watch(Set<ResourceKind> wanted, ResourceListener listener) {
    return subscribers.watch(wanted, listener, this::subscribe);
  }

  @Override
  public SourceStatus status() {
    return status;
  }

  @Override
  public void close() {
    subscribers.close();
    try {
      loop.execute(() -> kinds.values().forEach(state -> state.reflector.close()));
    } catch (RejectedExecutionException _) {
      // Closed before.
    }
    loop.shutdown();
    timer.shutdownNow();
  }

  private void subscribe(Subscriber subscriber) {
    subscribers.add(subscriber);
    for (ResourceKind kind : subscriber.kinds()) {
      KindState state = kinds.computeIfAbsent(kind, this::follow);
      if (state.synced) {
        subscriber.applied(state.objects.values());
        subscriber.synced(kind);
      }
    }
    updateStatus();
  }

  private KindState follow(ResourceKind kind) {
    Reflector reflector = new Reflector(kind, server, settings, new Reports(), timer, random);
    Thread.ofVirtual().name("weft-reflector-" + kind.plural()).start(reflector);
    return new KindState(reflector);
  }

  /** Takes in the reports of reflectors: on the loop, while they wait. */
  private final class Reports implements Reflector.Sink {
    @Override
    public void replaced(ResourceKind kind, List<Seen> all) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            Map<ResourceKey, Seen> now = new LinkedHashMap<>();
            state.objects.keySet().forEach(key -> now.put(key, new Seen.Gone(key)));
            Set.copyOf(state.unreadable.keySet()).forEach(key -> now.put(key, new Seen.Gone(key)));
            all.forEach(seen -> now.put(seen.key(), seen));
            take(state, now);
            markSynced(kind, state);
          });
    }

    @Override
    public void changed(ResourceKind kind, List<Seen> seen) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            // Of several events of one object only the last counts: a batch tells of it once.
            Map<ResourceKey, Seen> last = new LinkedHashMap<>();
            seen.forEach(one -> last.put(one.key(), one));
            take(state, last);
          });
    }

    @Override
    public void connected(ResourceKind kind) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            if (state.failure != null) {
              LOG.info("{}: changes are seen again", kind.qualifiedName());
            }
            state.health = KindHealth.SEEN;
            state.failure = null;
          });
    }

    @Override
    public void lost(ResourceKind kind, String reason) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            state.health = KindHealth.LOST;
            fail(kind, state, reason + "; what was seen before stays in use");
          });
    }

    @Override
    public void denied(ResourceKind kind, String reason) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            state.health = KindHealth.DENIED;
            fail(
                kind,
                state,
                "not allowed; cause: %s; fix: let this service get, list and watch %s; what was seen before stays in use"
                    .formatted(reason, kind.plural()));
          });
    }

    @Override
    public void unknownKind(ResourceKind kind, String reason) throws InterruptedException {
      onLoop(
          kind,
          state -> {
            state.health = KindHealth.UNKNOWN;
            fail(kind, state, "unknown to the cluster; fix: install its CRD; " + reason);
            markSynced(kind, state);
          });
    }

    private void onLoop(ResourceKind kind, java.util.function.Consumer<KindState> task)
        throws InterruptedException {
      try {
        loop.submit(
                () -> {
                  KindState state = kinds.get(kind);
                  if (state != null && !subscribers.isClosed()) {
                    task.accept(state);
                    updateStatus();
                  }
                })
            .get();
      } catch (RejectedExecutionException _) {
        // Closed.
      } catch (ExecutionException e) {
        LOG.error("a report of {} failed; cause: a fault in Weft", kind, e.getCause());
      }
    }
  }

  private void take(KindState state, Map<ResourceKey, Seen> seen) {
    List<ResourceChange> batch = new ArrayList<>();
    for (Seen one : seen.values()) {
      switch (one) {
        case Seen.There(Resource resource) -> {
          mended(state, one.key());
          if (!resource.equals(state.objects.put(one.key(), resource))) {
            batch.add(new ResourceChange.Applied(resource));
          }
        }
        case Seen.Unreadable(ResourceKey key, String reason) -> unreadable(state, key, reason);
        case Seen.Gone(ResourceKey key) -> {
          mended(state, key);
          if (state.objects.remove(key) != null) {
            batch.add(new ResourceChange.Deleted(key));
          }
        }
      }
    }
    changes += batch.size();
    // First, so that whoever is told of a change finds it in the status.
    updateStatus();
    subscribers.report(batch);
  }

  private void markSynced(ResourceKind kind, KindState state) {
    if (!state.synced) {
      state.synced = true;
      updateStatus();
      subscribers.synced(kind);
    }
  }

  private void unreadable(KindState state, ResourceKey key, String reason) {
    String kept =
        state.objects.containsKey(key) ? "its last good version stays in use" : "it is not used";
    String problem = key + ": " + reason + "; " + kept;
    if (!problem.equals(state.unreadable.put(key, problem))) {
      error(problem);
    }
  }

  private static void mended(KindState state, ResourceKey key) {
    if (state.unreadable.remove(key) != null) {
      LOG.info("{}: problem solved", key);
    }
  }

  private void fail(ResourceKind kind, KindState state, String reason) {
    String failure = kind.qualifiedName() + ": " + reason;
    // The same failure again and again is one error; its end is logged, see connected.
    if (!failure.equals(state.failure)) {
      state.failure = failure;
      error(failure);
    }
  }

  private void error(String problem) {
    errors++;
    lastError = Optional.of(problem);
    LOG.warn("kubernetes: {}", problem);
  }

  private void updateStatus() {
    SourceStatus before = status;
    List<String> problems = new ArrayList<>();
    Map<ResourceKind, KindHealth> healths = new EnumMap<>(ResourceKind.class);
    Map<ResourceKind, Integer> counts = new EnumMap<>(ResourceKind.class);
    boolean connected = !kinds.isEmpty();
    boolean synced = !kinds.isEmpty();
    for (Map.Entry<ResourceKind, KindState> entry : kinds.entrySet()) {
      KindState state = entry.getValue();
      connected &= state.health == KindHealth.SEEN || state.health == KindHealth.UNKNOWN;
      healths.put(entry.getKey(), state.health);
      synced &= state.synced;
      counts.put(entry.getKey(), state.objects.size());
      if (state.failure != null) {
        problems.add(state.failure);
      }
    }
    for (KindState state : kinds.values()) {
      state.unreadable.values().stream().limit(SourceStatus.MAX_PROBLEMS).forEach(problems::add);
    }
    lastError = lastError.filter(problems::contains);
    Instant since = connected == before.connected() ? before.since() : clock.instant();
    status =
        new SourceStatus(
            before.name(),
            connected,
            synced,
            since,
            lastError,
            problems.stream().limit(SourceStatus.MAX_PROBLEMS).toList(),
            healths,
            counts,
            changes,
            errors);
  }
}
