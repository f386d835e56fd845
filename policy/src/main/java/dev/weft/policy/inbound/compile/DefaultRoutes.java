package dev.weft.policy.inbound.compile;

import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.InboundGrpcRoute;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;

/** The routes of a port to which no route object is attached. Source: facts/policy.md 2.5. */
final class DefaultRoutes {
  private static final PolicyRef DEFAULT = PolicyRef.builtin("default");
  private static final PolicyRef PROBE = PolicyRef.builtin("probe");

  private static final InboundHttpRoute EVERYTHING =
      new InboundHttpRoute(
          DEFAULT,
          List.of(),
          List.of(),
          List.of(new InboundHttpRoute.Rule(List.of(HttpRouteMatch.prefix("/")), List.of())));

  private static final List<InboundGrpcRoute> EVERY_CALL =
      List.of(
          new InboundGrpcRoute(
              DEFAULT,
              List.of(),
              List.of(),
              List.of(new InboundGrpcRoute.Rule(List.of(GrpcRouteMatch.ANY), List.of()))));

  private DefaultRoutes() {}

  /**
   * Every request, and the requests of probes by anyone from the probe networks.
   *
   * @param probePaths what probes of this port ask for
   * @param probeNetworks where probes come from; none opens nothing for them
   */
  static List<InboundHttpRoute> http(List<String> probePaths, List<Network> probeNetworks) {
    if (probePaths.isEmpty() || probeNetworks.isEmpty()) {
      return List.of(EVERYTHING);
    }
    var authorization =
        new Authorization(PROBE, probeNetworks, new Authentication.Unauthenticated());
    List<HttpRouteMatch> matches =
        probePaths.stream().map(path -> HttpRouteMatch.exact(path, "GET")).toList();
    return List.of(
        EVERYTHING,
        new InboundHttpRoute(
            PROBE,
            List.of(),
            List.of(authorization),
            List.of(new InboundHttpRoute.Rule(matches, List.of()))));
  }

  static List<InboundGrpcRoute> grpc() {
    return EVERY_CALL;
  }
}
