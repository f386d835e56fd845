package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes out of a manifest what injection put in. */
public final class Uninjection {
  private static final Set<String> CONTAINERS =
      Set.of(
          Names.PROXY_CONTAINER,
          Names.INIT_CONTAINER,
          Names.VALIDATOR_CONTAINER,
          Names.DEBUG_CONTAINER);
  private static final Set<String> VOLUMES =
      Set.of(
          Names.END_ENTITY_VOLUME, Names.XTABLES_VOLUME, Names.TOKEN_VOLUME, Names.PODINFO_VOLUME);
  private static final String OWN_PREFIX = "linkerd.io";

  private Uninjection() {}

  /**
   * Changes the manifest in place: proxy, init and debug container, their volumes, and every label
   * and annotation that begins with {@code linkerd.io} are gone, but for {@code linkerd.io/inject:
   * disabled}. Annotations {@code config.linkerd.io/*} stay. Lists and maps that become empty by
   * that are removed too. Parts of the control plane keep their metadata.
   *
   * @param manifest any object, with or without a pod
   * @return whether anything was there to be removed
   */
  public static boolean uninject(ObjectNode manifest) {
    Optional<Workload> workload = Workload.of(manifest);
    boolean changed = false;
    if (!workload.map(Workload::isControlPlane).orElse(Workload.hasComponentLabel(manifest))) {
      changed = metadata(manifest);
      if (workload.isPresent() && workload.get().pod() != manifest) {
        changed |= metadata(workload.get().pod());
      }
    }
    if (workload.isPresent() && workload.get().pod().path("spec") instanceof ObjectNode spec) {
      changed |= remove(spec, "initContainers", CONTAINERS);
      changed |= remove(spec, "containers", CONTAINERS);
      changed |= remove(spec, "volumes", VOLUMES);
    }
    return changed;
  }

  private static boolean metadata(ObjectNode object) {
    boolean changed = false;
    if (object.path("metadata") instanceof ObjectNode metadata) {
      for (String map : List.of("annotations", "labels")) {
        if (metadata.path(map) instanceof ObjectNode texts) {
          List<String> own =
              texts.properties().stream()
                  .filter(field -> isOwn(field.getKey(), field.getValue()))
                  .map(Map.Entry::getKey)
                  .toList();
          texts.remove(own);
          changed |= !own.isEmpty();
          if (texts.isEmpty() && !own.isEmpty()) {
            metadata.remove(map);
          }
        }
      }
    }
    return changed;
  }

  private static boolean isOwn(String key, JsonNode value) {
    boolean optOut = key.equals(Names.INJECT) && value.asText("").equals(Names.DISABLED);
    return key.startsWith(OWN_PREFIX) && !optOut;
  }

  private static boolean remove(ObjectNode spec, String list, Set<String> names) {
    if (!(spec.path(list) instanceof ArrayNode items)) {
      return false;
    }
    int before = items.size();
    for (int i = before - 1; i >= 0; i--) {
      if (names.contains(items.get(i).path("name").asText(""))) {
        items.remove(i);
      }
    }
    boolean removed = items.size() < before;
    if (removed && items.isEmpty()) {
      spec.remove(list);
    }
    return removed;
  }
}
