package dev.weft.proxy.control.decode;

import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folds the updates of one {@code Destination.Get} stream into sets: the first usable add replaces
 * what an earlier stream left, later ones merge. Used by one thread.
 *
 * <p>Source: facts/proxy-api.md 16.2.
 */
public final class EndpointFold {
  private @Nullable EndpointSet current;
  private boolean fresh = true;

  /**
   * The fold of a new stream.
   *
   * @param before what an earlier stream left, null for nothing
   */
  public EndpointFold(@Nullable EndpointSet before) {
    this.current = before;
  }

  /** The set after an update; null if the update changes nothing. */
  public @Nullable EndpointSet apply(Update update) {
    EndpointSet next =
        switch (update.getUpdateCase()) {
          case ADD -> add(update);
          case REMOVE -> remove(update);
          case NO_ENDPOINTS -> {
            fresh = false;
            yield new EndpointSet(Map.of(), update.getNoEndpoints().getExists());
          }
          case UPDATE_NOT_SET -> null;
        };
    if (next == null || next.equals(current)) {
      return null;
    }
    current = next;
    return next;
  }

  private @Nullable EndpointSet add(Update update) {
    Map<InetSocketAddress, Endpoint> added = new HashMap<>();
    for (WeightedAddr address : update.getAdd().getAddrsList()) {
      Optional<Endpoint> endpoint = Endpoints.decode(address, update.getAdd().getMetricLabelsMap());
      endpoint.ifPresent(e -> added.put(e.address(), e));
    }
    if (added.isEmpty()) {
      return null;
    }
    if (!fresh && current != null) {
      Map<InetSocketAddress, Endpoint> merged = new HashMap<>(current.endpoints());
      merged.putAll(added);
      return new EndpointSet(merged, true);
    }
    fresh = false;
    return new EndpointSet(added, true);
  }

  private @Nullable EndpointSet remove(Update update) {
    if (fresh || current == null) {
      return null;
    }
    Map<InetSocketAddress, Endpoint> left = new HashMap<>(current.endpoints());
    for (TcpAddress address : update.getRemove().getAddrsList()) {
      Values.address(address).ifPresent(left::remove);
    }
    return new EndpointSet(left, true);
  }
}
