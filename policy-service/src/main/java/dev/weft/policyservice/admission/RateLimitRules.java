package dev.weft.policyservice.admission;

import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import java.util.OptionalLong;

/** Rules of rate limits. */
final class RateLimitRules {
  private RateLimitRules() {}

  static void check(HttpLocalRateLimitPolicy limit) {
    if (!limit.targetRef().is(ResourceKind.SERVER)) {
      throw new RefusedPolicy("spec.targetRef names a " + limit.targetRef().kind(), "a Server");
    }
    limit.total().ifPresent(total -> check("spec.total", total, OptionalLong.empty()));
    limit.identity().ifPresent(each -> check("spec.identity", each, limit.total()));
    for (HttpLocalRateLimitPolicy.Override override : limit.overrides()) {
      check("spec.overrides", override.requestsPerSecond(), limit.total());
      for (ObjectRef client : override.clientRefs()) {
        if (!client.isServiceAccount()) {
          throw new RefusedPolicy(
              "spec.overrides names a %s as client".formatted(client.kind()), "a ServiceAccount");
        }
      }
    }
  }

  private static void check(String field, long limit, OptionalLong total) {
    if (limit == 0) {
      throw new RefusedPolicy(field + ".requestsPerSecond is 0", "1 or more");
    }
    if (total.isPresent() && limit > total.getAsLong()) {
      throw new RefusedPolicy(
          "%s.requestsPerSecond=%d is above spec.total.requestsPerSecond=%d"
              .formatted(field, limit, total.getAsLong()),
          "lower it, or raise the total");
    }
  }
}
