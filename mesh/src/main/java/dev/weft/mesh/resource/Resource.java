package dev.weft.mesh.resource;

/**
 * An object of a cluster or a manifest, in one of the kinds Weft reads. Immutable; equal when all
 * fields which Weft reads are equal.
 */
public sealed interface Resource
    permits Pod,
        Service,
        EndpointSlice,
        Node,
        Namespace,
        ReplicaSet,
        Job,
        ServiceProfile,
        Server,
        ServerAuthorization,
        AuthorizationPolicy,
        MeshTlsAuthentication,
        NetworkAuthentication,
        Route,
        HttpLocalRateLimitPolicy,
        EgressNetwork,
        ExternalWorkload {
  /** What every object has. */
  ObjectMeta meta();

  /** The kind of the object. */
  ResourceKind kind();

  /** What names the object among all others. */
  default ResourceKey key() {
    return new ResourceKey(kind(), meta().namespace(), meta().name());
  }
}
