package dev.weft.policy.objects;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The newest state of every object, by kind, namespace and name. Mutable and without locks: its
 * owner confines it to one thread.
 */
public final class ObjectStore {
  private final Map<ResourceKind, Map<String, Map<String, Resource>>> objects =
      new EnumMap<>(ResourceKind.class);

  /** A store that holds these objects. */
  public static ObjectStore of(Collection<? extends Resource> resources) {
    var store = new ObjectStore();
    resources.forEach(store::apply);
    return store;
  }

  /**
   * Keeps the object in place of its earlier state.
   *
   * @return false when it is equal to its earlier state
   */
  public boolean apply(Resource resource) {
    Resource before =
        objects
            .computeIfAbsent(resource.kind(), _ -> new TreeMap<>())
            .computeIfAbsent(resource.meta().namespace(), _ -> new TreeMap<>())
            .put(resource.meta().name(), resource);
    return !resource.equals(before);
  }

  /**
   * Forgets the object.
   *
   * @return false when it was not there
   */
  public boolean delete(ResourceKey key) {
    Map<String, Map<String, Resource>> ofKind = objects.getOrDefault(key.kind(), Map.of());
    Map<String, Resource> inNamespace = ofKind.getOrDefault(key.namespace(), Map.of());
    if (!inNamespace.containsKey(key.name())) {
      return false;
    }
    inNamespace.remove(key.name());
    if (inNamespace.isEmpty()) {
      ofKind.remove(key.namespace());
    }
    return true;
  }

  /** The objects of a kind in a namespace, by name; a copy. */
  public <R extends Resource> List<R> list(ResourceKind kind, String namespace, Class<R> type) {
    return objects.getOrDefault(kind, Map.of()).getOrDefault(namespace, Map.of()).values().stream()
        .map(type::cast)
        .toList();
  }

  /** The object of this kind, namespace and name. */
  public <R extends Resource> Optional<R> find(
      ResourceKind kind, String namespace, String name, Class<R> type) {
    return Optional.ofNullable(
            objects.getOrDefault(kind, Map.of()).getOrDefault(namespace, Map.of()).get(name))
        .map(type::cast);
  }

  /** The namespaces which have objects of a kind; a copy. */
  public Set<String> namespaces(ResourceKind kind) {
    return Set.copyOf(objects.getOrDefault(kind, Map.of()).keySet());
  }

  /** How many objects of a kind are held. */
  public int count(ResourceKind kind) {
    return objects.getOrDefault(kind, Map.of()).values().stream().mapToInt(Map::size).sum();
  }
}
