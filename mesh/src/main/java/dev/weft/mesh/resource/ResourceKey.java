package dev.weft.mesh.resource;

/**
 * Names one object among all others.
 *
 * @param kind the kind
 * @param namespace the namespace; empty for kinds without
 * @param name the name
 */
public record ResourceKey(ResourceKind kind, String namespace, String name)
    implements Comparable<ResourceKey> {
  /** By kind, namespace, name. */
  @Override
  public int compareTo(ResourceKey other) {
    int byKind = kind.compareTo(other.kind);
    int byNamespace = byKind != 0 ? byKind : namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code kind.group namespace/name}, as in {@code Server.policy.linkerd.io default/api}. */
  @Override
  public String toString() {
    String object = namespace.isEmpty() ? name : namespace + "/" + name;
    return kind.qualifiedName() + " " + object;
  }
}
