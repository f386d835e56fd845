package dev.weft.kit.watch;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The newest immutable value of one key, shared by all who watch it.
 *
 * <p>Threads: {@link #publish} is called by one thread at a time (the owner's {@link SerialLoop});
 * everything else by any thread. Publishing never blocks and never runs a subscriber's code beyond
 * its {@code onNewer} signal, which must only schedule work.
 *
 * <p>Ownership: the value must be immutable; subscribers of every thread read it.
 */
public final class Published<T> {
  /** A value with the count of values published before it under the same key, plus one. */
  public record Version<T>(long generation, T value) {}

  /** Ends the signals to one subscriber; closing twice is harmless. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Version<T> current;

  /** Starts without a value: subscribers wait for the first one. */
  public Published() {}

  /** Starts with {@code initial} as generation 1. */
  public Published(T initial) {
    current = new Version<>(1, initial);
  }

  /**
   * Makes {@code value} the newest and signals the subscribers.
   *
   * @return false, and nothing happens, when it equals the value already published
   */
  public boolean publish(T value) {
    Version<T> before = current;
    if (before != null && before.value().equals(value)) {
      return false;
    }
    current = new Version<>(before == null ? 1 : before.generation() + 1, value);
    watchers.forEach(watcher -> watcher.onNewer.run());
    return true;
  }

  /** The newest value, empty until the first was published. */
  public Optional<Version<T>> current() {
    return Optional.ofNullable(current);
  }

  /** The number of values published so far. */
  public long generation() {
    Version<T> version = current;
    return version == null ? 0 : version.generation();
  }

  /** The number of open subscriptions. */
  public int subscribers() {
    return watchers.size();
  }

  /**
   * Calls {@code onNewer} after each later publication, on the publisher's thread. The subscriber
   * reads {@link #current()} itself, first right after this returns: a value published meanwhile is
   * then seen twice at worst, and missed never.
   */
  public Subscription subscribe(Runnable onNewer) {
    Watcher watcher = new Watcher(onNewer);
    watchers.add(watcher);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        watchers.remove(watcher);
      }
    };
  }

  /** Has identity rather than equality, so that one signal may be subscribed twice. */
  private static final class Watcher {
    final Runnable onNewer;

    Watcher(Runnable onNewer) {
      this.onNewer = onNewer;
    }
  }
}
