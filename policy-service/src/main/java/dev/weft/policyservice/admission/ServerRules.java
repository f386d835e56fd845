package dev.weft.policyservice.admission;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.resource.Server;

/** Rules of Servers that reading one does not enforce. */
final class ServerRules {
  private ServerRules() {}

  static void check(Server server, Written written) {
    String policy = written.spec().path("accessPolicy").asText("");
    if (!policy.isEmpty() && DefaultInboundPolicy.parse(policy).isEmpty()) {
      throw new RefusedPolicy(
          "spec.accessPolicy of " + server.meta().name() + " is '" + policy + "'",
          "all-unauthenticated, all-authenticated, cluster-unauthenticated, cluster-authenticated, deny or audit");
    }
  }
}
