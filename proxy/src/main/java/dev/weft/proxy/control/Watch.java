package dev.weft.proxy.control;

/**
 * One user's hold on a watched thing. Several users of the same key share one stream to the control
 * plane; the stream ends some time after the last of them closed.
 *
 * <p>{@link #state} may be read on any thread. The listener runs on the event loop given when the
 * watch was made, first with the current state unless that is {@link WatchState.Pending}, then once
 * per change, and never after {@link #close} returned on that loop.
 *
 * @param <T> the snapshot
 */
public interface Watch<T> extends AutoCloseable {

  /** The newest state. */
  WatchState<T> state();

  /**
   * Doubts the state: asks the control plane anew, unless that was done a moment ago. What is known
   * holds until it answers. On any thread.
   */
  default void refresh() {}

  /** Ends this user's hold. Idempotent, on any thread. */
  @Override
  void close();

  /** Told of every new state, on one event loop. */
  @FunctionalInterface
  interface Listener<T> {
    /** The state has changed to {@code state}. */
    void changed(WatchState<T> state);
  }
}
