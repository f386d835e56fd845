package dev.weft.kit.watch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys somebody watches, each with its one {@link Published}; a key nobody watches any more is
 * forgotten after a grace, so that a client which reconnects finds it warm.
 *
 * <p>Threads: confined to the owner's {@link SerialLoop}. Because subscriptions are made there too,
 * a key cannot be forgotten between being found and being subscribed to.
 */
public final class WatchRegistry<K, T> {
  private final Map<K, Entry<T>> entries = new HashMap<>();
  private final long graceNanos;

  /**
   * @param grace how long a key without subscribers is kept
   */
  public WatchRegistry(Duration grace) {
    this.graceNanos = grace.toNanos();
  }

  /** The published value of {@code key}, made with {@code compute} when nobody watched it yet. */
  public Published<T> watch(K key, Function<? super K, ? extends T> compute) {
    Entry<T> entry = entries.get(key);
    if (entry == null) {
      entry = new Entry<>(new Published<>(compute.apply(key)));
      entries.put(key, entry);
    }
    entry.idleSinceNanos = null;
    return entry.published;
  }

  /** The published value of {@code key} if the key is watched. */
  public @Nullable Published<T> find(K key) {
    Entry<T> entry = entries.get(key);
    return entry == null ? null : entry.published;
  }

  /** A copy of the keys now kept. */
  public Set<K> keys() {
    return Set.copyOf(entries.keySet());
  }

  /** Calls {@code action} with every key now kept. */
  public void forEach(BiConsumer<? super K, ? super Published<T>> action) {
    entries.forEach((key, entry) -> action.accept(key, entry.published));
  }

  /** The number of keys now kept. */
  public int size() {
    return entries.size();
  }

  /**
   * Forgets the keys seen without a subscriber for the whole grace. To be called every now and then
   * on the loop.
   *
   * @return the keys forgotten
   */
  public Set<K> sweep(long nowNanos) {
    Set<K> forgotten = new HashSet<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.published.subscribers() > 0) {
            entry.idleSinceNanos = null;
          } else if (entry.idleSinceNanos == null) {
            entry.idleSinceNanos = nowNanos;
          } else if (nowNanos - entry.idleSinceNanos >= graceNanos) {
            forgotten.add(key);
          }
        });
    forgotten.forEach(entries::remove);
    return forgotten;
  }

  private static final class Entry<T> {
    final Published<T> published;
    @Nullable Long idleSinceNanos;

    Entry(Published<T> published) {
      this.published = published;
    }
  }
}
