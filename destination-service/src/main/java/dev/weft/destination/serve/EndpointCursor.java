package dev.weft.destination.serve;

import dev.weft.api.destination.Update;
import dev.weft.destination.index.Endpoint;
import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.EndpointSet;
import dev.weft.kit.watch.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one client was last sent of a set of endpoints, chosen for its place. Each step is the
 * smallest difference: {@code add} of what is new or changed, then {@code remove} of what is gone.
 * An empty set is told at once as {@code no_endpoints}, so that clients need not wait for a
 * timeout; a set that becomes empty as {@code remove}, or {@code no_endpoints} once the Service is
 * gone.
 *
 * <p>Confined to its stream.
 */
final class EndpointCursor implements Cursor<EndpointSet, Update> {
  private final EndpointMessages messages;
  private final String instance;
  private final String nodeName;
  private final Supplier<Map<String, String>> zones;
  private @Nullable Sent sent;

  private record Sent(
      boolean exists,
      Map<Address, Endpoint> endpoints,
      Map<String, String> labels,
      String clientZone) {}

  /**
   * @param instance the hostname the client asked for; empty for all
   * @param nodeName the client's node; empty where unknown
   * @param zones the zones of nodes, as they stand
   */
  EndpointCursor(
      EndpointMessages messages,
      String instance,
      String nodeName,
      Supplier<Map<String, String>> zones) {
    this.messages = messages;
    this.instance = instance;
    this.nodeName = nodeName;
    this.zones = zones;
  }

  @Override
  public List<Update> advance(EndpointSet newest) {
    String zone = zones.get().getOrDefault(nodeName, "");
    Map<Address, Endpoint> chosen = newest.select(instance, nodeName, zone);
    Sent next = new Sent(newest.exists(), chosen, newest.labels(), zone);
    List<Update> updates = updates(sent, next);
    sent = next;
    return updates;
  }

  private List<Update> updates(@Nullable Sent before, Sent after) {
    if (after.endpoints().isEmpty()) {
      if (before == null || before.exists() != after.exists()) {
        return List.of(EndpointMessages.noEndpoints(after.exists()));
      }
      return before.endpoints().isEmpty()
          ? List.of()
          : List.of(EndpointMessages.remove(before.endpoints().keySet()));
    }
    boolean all =
        before == null
            || !before.labels().equals(after.labels())
            || !before.clientZone().equals(after.clientZone());
    List<Endpoint> added = new ArrayList<>();
    after
        .endpoints()
        .forEach(
            (address, endpoint) -> {
              if (all || !same(before.endpoints().get(address), endpoint)) {
                added.add(endpoint);
              }
            });
    List<Update> updates = new ArrayList<>(2);
    if (!added.isEmpty()) {
      updates.add(messages.add(added, after.labels(), after.clientZone()));
    }
    List<Address> removed =
        before == null
            ? List.of()
            : before.endpoints().keySet().stream()
                .filter(address -> !after.endpoints().containsKey(address))
                .toList();
    if (!removed.isEmpty()) {
      updates.add(EndpointMessages.remove(removed));
    }
    return updates;
  }

  /** Sets share equal endpoints, so that this is most often the same object. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(@Nullable Endpoint before, Endpoint after) {
    return before == after || after.equals(before);
  }
}
