package dev.weft.mesh.resource;

import dev.weft.mesh.MeshKeys;
import java.util.Optional;

/**
 * A node; its labels tell the zone.
 *
 * @param meta name and labels
 */
public record Node(ObjectMeta meta) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.NODE;
  }

  /** The zone, if the node says. */
  public Optional<String> zone() {
    return meta.label(MeshKeys.ZONE);
  }
}
