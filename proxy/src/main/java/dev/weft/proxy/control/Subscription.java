package dev.weft.proxy.control;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One user's hold on a shared watch. Delivers on the user's loop; a slow loop is told of the newest
 * state only.
 */
final class Subscription<T> implements Watch<T> {
  private final StateSource<T> source;
  private final EventExecutor loop;
  private final Listener<T> listener;
  private final Consumer<Subscription<T>> release;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What the listener was told last; on the loop only. */
  private @Nullable WatchState<T> told;

  Subscription(
      StateSource<T> source,
      EventExecutor loop,
      Listener<T> listener,
      Consumer<Subscription<T>> release) {
    this.source = source;
    this.loop = loop;
    this.listener = listener;
    this.release = release;
  }

  /** Where the newest state is. */
  interface StateSource<T> {
    WatchState<T> state();

    /** Asks anew. On any thread. */
    void refresh();
  }

  @Override
  public WatchState<T> state() {
    return source.state();
  }

  @Override
  public void refresh() {
    source.refresh();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.accept(this);
    }
  }

  /** There may be something new. On any thread. */
  void notifyUser() {
    if (!closed.get() && scheduled.compareAndSet(false, true)) {
      try {
        loop.execute(this::deliver);
      } catch (RejectedExecutionException _) {
        // The loop has ended, and the user with it.
      }
    }
  }

  private void deliver() {
    scheduled.set(false);
    if (closed.get()) {
      return;
    }
    WatchState<T> state = source.state();
    if (!(state instanceof WatchState.Pending<T>) && !state.equals(told)) {
      told = state;
      listener.changed(state);
    }
  }
}
