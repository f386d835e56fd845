package dev.weft.mesh.resource;

import java.util.List;

/**
 * A route for bytes.
 *
 * @param meta metadata
 * @param parentRefs what it attaches to
 * @param rules the backends of each rule
 * @param parentStatuses what controllers said
 */
public record TcpRoute(
    ObjectMeta meta,
    List<ParentRef> parentRefs,
    List<List<BackendRef>> rules,
    List<ParentStatus> parentStatuses)
    implements Route {
  /** Copies the lists. */
  public TcpRoute {
    parentRefs = List.copyOf(parentRefs);
    rules = rules.stream().map(List::copyOf).toList();
    parentStatuses = List.copyOf(parentStatuses);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.TCP_ROUTE;
  }
}
