package dev.weft.mesh.resource;

import dev.weft.mesh.IdentityPattern;
import java.util.List;

/**
 * A set of mesh identities; exactly one of both lists is not empty.
 *
 * @param meta metadata
 * @param identities identities and patterns
 * @param identityRefs service accounts and namespaces; a namespace left empty is the object's own
 */
public record MeshTlsAuthentication(
    ObjectMeta meta, List<IdentityPattern> identities, List<ObjectRef> identityRefs)
    implements Resource {
  /** Copies the lists. */
  public MeshTlsAuthentication {
    identities = List.copyOf(identities);
    identityRefs = List.copyOf(identityRefs);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.MESH_TLS_AUTHENTICATION;
  }
}
