package dev.weft.mesh.resource;

import java.util.List;

/**
 * Who may use a Server, a whole namespace or a route.
 *
 * @param meta metadata
 * @param targetRef what is protected, in the object's own namespace
 * @param requiredAuthenticationRefs what a client must satisfy, all of them; a namespace left empty
 *     is the object's own
 */
public record AuthorizationPolicy(
    ObjectMeta meta, ObjectRef targetRef, List<ObjectRef> requiredAuthenticationRefs)
    implements Resource {
  /** Copies the list. */
  public AuthorizationPolicy {
    requiredAuthenticationRefs = List.copyOf(requiredAuthenticationRefs);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.AUTHORIZATION_POLICY;
  }
}
