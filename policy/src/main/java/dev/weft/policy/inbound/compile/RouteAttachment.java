package dev.weft.policy.inbound.compile;

import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;

/** Which Servers a route is for. Source: facts/policy.md 2.5. */
final class RouteAttachment {
  private RouteAttachment() {}

  /**
   * Whether the route is for a Server of its namespace. A route with any reference to a Server that
   * inbound policy cannot honour (another namespace, a port, a section) is for none.
   */
  static boolean isFor(Route route, String server, InboundSettings.Acceptance acceptance) {
    String namespace = route.meta().namespace();
    boolean named = false;
    for (Route.ParentRef parent : route.parentRefs()) {
      if (!parent.ref().is(ResourceKind.SERVER)) {
        continue;
      }
      if (!parent.ref().namespaceOr(namespace).equals(namespace)
          || parent.port() != 0
          || !parent.sectionName().isEmpty()) {
        return false;
      }
      named |= parent.ref().name().equals(server);
    }
    return named
        && switch (acceptance) {
          case SPEC -> true;
          case STATUS -> isAccepted(route, server);
        };
  }

  private static boolean isAccepted(Route route, String server) {
    return route.parentStatuses().stream()
        .anyMatch(
            status ->
                status.controllerName().equals(MeshKeys.POLICY_CONTROLLER)
                    && status.parentRef().ref().kind().equalsIgnoreCase("Server")
                    && status.parentRef().ref().name().equals(server)
                    && status.isAccepted());
  }
}
