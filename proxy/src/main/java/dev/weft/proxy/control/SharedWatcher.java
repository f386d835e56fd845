package dev.weft.proxy.control;

import io.grpc.Channel;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * All watches of one kind: users of the same key share a stream, which outlives the last of them by
 * the retention time. Thread-safe; streams live on the control executor.
 */
final class SharedWatcher<K, R, M, T> implements Watcher<K, T> {
  /** Most keys watched at once: whoever chooses keys must not fill our memory with streams. */
  static final int MAX_KEYS = 10_000;

  private final WatchKind<K, R, M, T> kind;
  private final WatchSettings settings;
  private final Channel channel;
  private final EventExecutor executor;
  private final RandomGenerator random;
  private final WatchMetrics metrics;
  private final Map<K, SharedWatch<K, R, M, T>> watches = new ConcurrentHashMap<>();

  SharedWatcher(
      WatchKind<K, R, M, T> kind,
      WatchSettings settings,
      Channel channel,
      EventExecutor executor,
      RandomGenerator random,
      WatchMetrics metrics) {
    this.kind = kind;
    this.settings = settings;
    this.channel = channel;
    this.executor = executor;
    this.random = random;
    this.metrics = metrics;
    metrics.watches(kind.name(), watches::size);
  }

  @Override
  public Watch<T> watch(K key, EventExecutor loop, Watch.Listener<T> listener) {
    SharedWatch<K, R, M, T> shared = acquire(key);
    Subscription<T> subscription =
        new Subscription<>(shared, loop, listener, closing -> release(key, shared, closing));
    executor.execute(() -> shared.add(subscription));
    return subscription;
  }

  /** The number of users changes only while the map holds the key's entry fast. */
  private SharedWatch<K, R, M, T> acquire(K key) {
    return watches.compute(
        key,
        (_, found) -> {
          SharedWatch<K, R, M, T> shared = found == null ? create(key) : found;
          shared.users++;
          shared.generation++;
          return shared;
        });
  }

  private SharedWatch<K, R, M, T> create(K key) {
    Status refusal = null;
    if (!kind.eligible().test(key)) {
      refusal = Status.INVALID_ARGUMENT.withDescription(key + " is not to be discovered");
    } else if (watches.size() >= MAX_KEYS) {
      refusal = Status.RESOURCE_EXHAUSTED.withDescription(MAX_KEYS + " keys are watched already");
    }
    return new SharedWatch<>(kind, settings, key, refusal, channel, executor, random, metrics);
  }

  private void release(K key, SharedWatch<K, R, M, T> shared, Subscription<T> closing) {
    executor.execute(() -> shared.remove(closing));
    watches.computeIfPresent(
        key,
        (_, found) -> {
          if (--shared.users == 0) {
            long generation = shared.generation;
            executor.schedule(
                () -> evict(key, shared, generation),
                settings.retention().toMillis(),
                TimeUnit.MILLISECONDS);
          }
          return found;
        });
  }

  /** A watch that was used again in between is of another generation. */
  private void evict(K key, SharedWatch<K, R, M, T> shared, long generation) {
    watches.computeIfPresent(
        key,
        (_, found) -> {
          if (found == shared && shared.users == 0 && shared.generation == generation) {
            shared.stop();
            return null;
          }
          return found;
        });
  }
}
