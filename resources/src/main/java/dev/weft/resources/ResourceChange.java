package dev.weft.resources;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;

/** One object came, changed or went. */
public sealed interface ResourceChange {
  /** Which object. */
  ResourceKey key();

  /**
   * The object is there, new or changed.
   *
   * @param resource its new state
   */
  record Applied(Resource resource) implements ResourceChange {
    @Override
    public ResourceKey key() {
      return resource.key();
    }
  }

  /**
   * The object is gone.
   *
   * @param key which
   */
  record Deleted(ResourceKey key) implements ResourceChange {}
}
