package dev.weft.mesh.resource;

import java.util.List;

/**
 * A route for TLS which the mesh does not end.
 *
 * @param meta metadata
 * @param parentRefs what it attaches to
 * @param hostnames server names, a leading {@code *.} for any below; empty for all
 * @param rules the backends of each rule
 * @param parentStatuses what controllers said
 */
public record TlsRoute(
    ObjectMeta meta,
    List<ParentRef> parentRefs,
    List<String> hostnames,
    List<List<BackendRef>> rules,
    List<ParentStatus> parentStatuses)
    implements Route {
  /** Copies the lists. */
  public TlsRoute {
    parentRefs = List.copyOf(parentRefs);
    hostnames = List.copyOf(hostnames);
    rules = rules.stream().map(List::copyOf).toList();
    parentStatuses = List.copyOf(parentStatuses);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.TLS_ROUTE;
  }
}
