package dev.weft.mesh.resource;

/**
 * A job; read only to learn who owns it.
 *
 * @param meta name and owners
 */
public record Job(ObjectMeta meta) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.JOB;
  }
}
