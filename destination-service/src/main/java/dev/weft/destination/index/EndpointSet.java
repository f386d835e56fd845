package dev.weft.destination.index;

import dev.weft.destination.index.Endpoint.Address;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The endpoints of one (Service, port), for all clients together.
 *
 * @param exists whether there is such a Service
 * @param nodeLocal whether clients may use endpoints on their own node only
 * @param labels metric labels of the set
 * @param endpoints the endpoints by address, in a stable order
 */
public record EndpointSet(
    boolean exists,
    boolean nodeLocal,
    Map<String, String> labels,
    Map<Address, Endpoint> endpoints) {
  /** Copies the maps, keeping the order of endpoints. */
  public EndpointSet {
    labels = Map.copyOf(labels);
    endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
  }

  /**
   * The same set, made of the objects of a former one where they are equal: comparing the two then
   * costs little, for each of many clients.
   */
  EndpointSet reusing(EndpointSet former) {
    Map<Address, Endpoint> shared = new LinkedHashMap<>();
    endpoints.forEach(
        (address, endpoint) -> {
          Endpoint before = former.endpoints.get(address);
          shared.put(address, endpoint.equals(before) ? before : endpoint);
        });
    return new EndpointSet(exists, nodeLocal, labels, shared);
  }

  /**
   * What one client is to use, in the contract's order: the named instance; with node-local
   * traffic, pods of its own node; else, if every candidate has zone hints and some name its zone,
   * only those.
   *
   * @param instance the hostname asked for; empty for all
   * @param nodeName the client's node; empty where unknown
   * @param zone the client's zone; empty where unknown
   */
  public Map<Address, Endpoint> select(String instance, String nodeName, String zone) {
    Map<Address, Endpoint> chosen = endpoints;
    if (!instance.isEmpty()) {
      chosen = keep(chosen, endpoint -> endpoint.place().hostname().equals(instance));
    }
    if (nodeLocal) {
      return keep(
          chosen, endpoint -> !nodeName.isEmpty() && endpoint.place().nodeName().equals(nodeName));
    }
    boolean allHinted =
        chosen.values().stream().noneMatch(endpoint -> endpoint.place().zoneHints().isEmpty());
    if (allHinted && !zone.isEmpty()) {
      Map<Address, Endpoint> near =
          keep(chosen, endpoint -> endpoint.place().zoneHints().contains(zone));
      return near.isEmpty() ? chosen : near;
    }
    return chosen;
  }

  private static Map<Address, Endpoint> keep(
      Map<Address, Endpoint> from, Predicate<Endpoint> predicate) {
    Map<Address, Endpoint> kept = new LinkedHashMap<>();
    from.forEach(
        (address, endpoint) -> {
          if (predicate.test(endpoint)) {
            kept.put(address, endpoint);
          }
        });
    return kept;
  }
}
