package dev.weft.identity.event;

/** Where events go. Thread-safe; never blocks, never throws. */
@FunctionalInterface
public interface EventSink {
  /** Passes an event on, or counts it as lost. */
  void emit(IdentityEvent event);

  /** For meshes without an API server: the log tells already. */
  static EventSink none() {
    return _ -> {};
  }
}
