package dev.weft.cli.check;

import dev.weft.cli.kube.GatewayApi;

/**
 * Whether the routes of the Gateway API are there, and new enough. Weft also works without them, so
 * their absence is no failure; the contract's reference takes it for one.
 */
final class GatewayApiChecks {
  private GatewayApiChecks() {}

  static Category category() {
    return Category.always(
        "gateway-api-crd",
        Check.of(
                "gateway-api-crd",
                "the Gateway API is absent or serves v1",
                GatewayApiChecks::usable)
            .fatal());
  }

  private static Result usable(CheckContext context) {
    GatewayApi api = GatewayApi.in(context.cluster());
    return switch (api.owner()) {
      case NOBODY -> Result.ok("it is absent: routes of gateway.networking.k8s.io have no effect");
      case MESH -> Result.ok();
      case OTHERS ->
          api.servesV1()
              ? Result.ok()
              : Result.failed(
                  "neither httproutes nor grpcroutes of gateway.networking.k8s.io serve v1");
    };
  }
}
