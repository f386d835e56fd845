package dev.weft.mesh.resource;

/**
 * A replica set; read only to learn who owns it.
 *
 * @param meta name and owners
 */
public record ReplicaSet(ObjectMeta meta) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.REPLICA_SET;
  }
}
