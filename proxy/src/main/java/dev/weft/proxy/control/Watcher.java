package dev.weft.proxy.control;

import io.netty.util.concurrent.EventExecutor;

/**
 * Opens watches of one kind: outbound policies and profiles by {@link Target}, endpoints by the
 * authority of a balancer. Thread-safe; does not block.
 *
 * @param <K> what is asked for
 * @param <T> what is answered
 */
@FunctionalInterface
public interface Watcher<K, T> {

  /** Watches {@code key}; {@code listener} is called on {@code loop} only. */
  Watch<T> watch(K key, EventExecutor loop, Watch.Listener<T> listener);
}
