package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.forward.Refusal;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the endpoints of a backend and keeps what it knows in step with them. */
final class EndpointSets {
  private EndpointSets() {}

  /**
   * Begins to pass on the endpoints of a dispatch, on the lane's loop.
   *
   * @return what ends that; null if they never change
   */
  static @Nullable Source watch(Lane lane, Dispatch dispatch, Consumer<EndpointSet> then) {
    return switch (dispatch) {
      case Dispatch.Balance(String authority, LoadParams _, var _) ->
          source(
              lane.outbound()
                  .context()
                  .control()
                  .endpoints()
                  .watch(authority, lane.loop(), listener(then)));
      case Dispatch.Host(String host, int port) -> lane.hostNames().watch(host, port, then);
      case Dispatch.To(Endpoint endpoint) -> {
        then.accept(new EndpointSet(Map.of(endpoint.address(), endpoint), true));
        yield null;
      }
      case Dispatch.Fail() -> null;
    };
  }

  /**
   * Why waiting for endpoints is of no use, or null. What discovery does not know yet may come any
   * moment; what DNS does not know is wrong.
   */
  static @Nullable Refusal hopeless(Dispatch dispatch, EndpointSet set) {
    return dispatch instanceof Dispatch.Host(String host, int _) && !set.exists()
        ? Refusal.of(Refusal.Cause.BAD_GATEWAY, "name not resolved: " + host)
        : null;
  }

  /**
   * Removes what is no longer in a set as it was known, then adds what is new in it.
   *
   * @param known by address
   * @param endpoint what is known of an entry
   * @param removed gets each entry after its removal
   * @param add puts an entry for the endpoint into {@code known}
   */
  static <T> void reconcile(
      Map<InetSocketAddress, T> known,
      Function<T, Endpoint> endpoint,
      EndpointSet set,
      Consumer<T> removed,
      Consumer<Endpoint> add) {
    for (Iterator<T> all = known.values().iterator(); all.hasNext(); ) {
      T entry = all.next();
      Endpoint was = endpoint.apply(entry);
      if (!was.equals(set.endpoints().get(was.address()))) {
        all.remove();
        removed.accept(entry);
      }
    }
    set.endpoints()
        .forEach(
            (address, is) -> {
              if (!known.containsKey(address)) {
                add.accept(is);
              }
            });
  }

  /** Passes sets on; a final refusal of the control plane means that there are none. */
  private static Watch.Listener<EndpointSet> listener(Consumer<EndpointSet> then) {
    return state -> {
      switch (state) {
        case WatchState.Known<EndpointSet>(EndpointSet set) -> then.accept(set);
        case WatchState.Ended<EndpointSet> _ -> then.accept(new EndpointSet(Map.of(), false));
        case WatchState.Pending<EndpointSet> _ -> {}
      }
    };
  }

  private static Source source(Watch<EndpointSet> watch) {
    return new Source() {
      @Override
      public void refresh() {
        watch.refresh();
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  /** Where endpoints come from. */
  interface Source extends AutoCloseable {
    /** What it said is doubted: it asks anew. */
    void refresh();

    @Override
    void close();
  }
}
