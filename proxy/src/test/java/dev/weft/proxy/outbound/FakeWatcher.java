package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.control.Watcher;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A control plane that says what the test tells it to, of one kind of thing. */
final class FakeWatcher<K, T> implements Watcher<K, T> {
  private final Map<K, WatchState<T>> states = new HashMap<>();
  private final Set<FakeWatch> watches = ConcurrentHashMap.newKeySet();
  private final WatchState<T> unknown;

  /** What is not known is pending. */
  FakeWatcher() {
    this(new WatchState.Pending<>());
  }

  FakeWatcher(WatchState<T> unknown) {
    this.unknown = unknown;
  }

  synchronized void set(K key, T value) {
    change(key, new WatchState.Known<>(value));
  }

  synchronized void end(K key, Status.Code code) {
    change(key, new WatchState.Ended<>(code, "told by the test"));
  }

  /** As after a restart of the control plane, before it said anything. */
  synchronized void lose(K key) {
    change(key, new WatchState.Pending<>());
  }

  private void change(K key, WatchState<T> state) {
    states.put(key, state);
    for (FakeWatch watch : watches) {
      if (watch.key.equals(key)) {
        watch.tell(state);
      }
    }
  }

  /** How many watches are open. */
  int open() {
    return watches.size();
  }

  @Override
  public synchronized Watch<T> watch(K key, EventExecutor loop, Watch.Listener<T> listener) {
    FakeWatch watch = new FakeWatch(key, loop, listener);
    watches.add(watch);
    WatchState<T> state = watch.state();
    if (!(state instanceof WatchState.Pending<T>)) {
      watch.tell(state);
    }
    return watch;
  }

  private final class FakeWatch implements Watch<T> {
    private final K key;
    private final EventExecutor loop;
    private final Listener<T> listener;
    private volatile boolean closed;

    FakeWatch(K key, EventExecutor loop, Listener<T> listener) {
      this.key = key;
      this.loop = loop;
      this.listener = listener;
    }

    void tell(WatchState<T> state) {
      loop.execute(
          () -> {
            if (!closed) {
              listener.changed(state);
            }
          });
    }

    @Override
    public WatchState<T> state() {
      synchronized (FakeWatcher.this) {
        return states.getOrDefault(key, unknown);
      }
    }

    @Override
    public void close() {
      closed = true;
      watches.remove(this);
    }
  }
}
