package dev.weft.kit.events;

/** Where events go. Thread-safe; never blocks, never throws. */
@FunctionalInterface
public interface EventPublisher {
  /** Passes an event on; one that cannot be passed on is lost, and only the debug log tells. */
  void publish(ClusterEvent event);

  /**
   * For meshes without an API server. Writes to the debug log, since whoever publishes has told the
   * log already what matters.
   */
  static EventPublisher logging() {
    return new LoggingEventPublisher();
  }
}
