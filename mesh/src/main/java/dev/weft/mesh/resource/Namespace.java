package dev.weft.mesh.resource;

/**
 * A namespace.
 *
 * @param meta name, labels and annotations
 */
public record Namespace(ObjectMeta meta) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.NAMESPACE;
  }
}
