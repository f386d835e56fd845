package dev.weft.proxy.runtime;

/**
 * Something that takes part in a graceful end: a listener, a connection, a tunnel.
 *
 * <p>{@link #drain} asks it to finish: take no new work, complete what runs. It may be called on
 * any thread, more than once, and must not block. What has finished leaves by closing its {@link
 * Drain.Registration}.
 */
@FunctionalInterface
public interface Drainable {
  /** Take no new work, complete what runs. */
  void drain();
}
