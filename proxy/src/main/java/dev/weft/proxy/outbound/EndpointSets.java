package dev.weft.proxy.outbound;

import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads endpoint watches the way a backend needs them. */
final class EndpointSets {
  private EndpointSets() {}

  /** Passes sets on; a final refusal of the control plane means that there are none. */
  static Watch.Listener<EndpointSet> listener(Consumer<EndpointSet> then) {
    return state -> {
      switch (state) {
        case WatchState.Known<EndpointSet>(EndpointSet set) -> then.accept(set);
        case WatchState.Ended<EndpointSet> _ -> then.accept(new EndpointSet(Map.of(), false));
        case WatchState.Pending<EndpointSet> _ -> {}
      }
    };
  }

  static void close(@Nullable AutoCloseable source) {
    if (source != null) {
      try {
        source.close();
      } catch (Exception e) {
        throw new AssertionError("closing a watch cannot fail", e);
      }
    }
  }
}
