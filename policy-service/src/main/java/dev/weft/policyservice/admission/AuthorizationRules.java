package dev.weft.policyservice.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.ServerAuthorization;
import java.util.List;

/** Rules of both kinds of authorizations. */
final class AuthorizationRules {
  private static final List<ResourceKind> TARGETS =
      List.of(
          ResourceKind.SERVER,
          ResourceKind.NAMESPACE,
          ResourceKind.POLICY_HTTP_ROUTE,
          ResourceKind.HTTP_ROUTE,
          ResourceKind.GRPC_ROUTE);

  private AuthorizationRules() {}

  static void check(ServerAuthorization authorization, Written written) {
    JsonNode client = written.spec().path("client");
    JsonNode tls = client.path("meshTLS");
    if (client.path("unauthenticated").asBoolean(false) && tls.isObject()) {
      throw new RefusedPolicy(
          "spec.client names both unauthenticated and meshTLS", "keep one of them");
    }
    boolean names = !tls.path("identities").isEmpty() || !tls.path("serviceAccounts").isEmpty();
    if (tls.path("unauthenticatedTLS").asBoolean(false) && names) {
      throw new RefusedPolicy(
          "spec.client.meshTLS names both unauthenticatedTLS and identities or serviceAccounts",
          "keep one of them");
    }
    NetworkRules.check(authorization.networks());
  }

  static void check(AuthorizationPolicy policy) {
    ObjectRef target = policy.targetRef();
    if (TARGETS.stream().noneMatch(target::is)) {
      throw new RefusedPolicy(
          "spec.targetRef names a %s of group '%s'".formatted(target.kind(), target.group()),
          "a Server, Namespace, HTTPRoute or GRPCRoute");
    }
    if (target.is(ResourceKind.NAMESPACE) && !target.name().equals(policy.meta().namespace())) {
      throw new RefusedPolicy(
          "spec.targetRef names namespace '%s'".formatted(target.name()),
          "the object's own namespace, " + policy.meta().namespace());
    }
    long mesh = count(policy, ResourceKind.MESH_TLS_AUTHENTICATION);
    long networks = count(policy, ResourceKind.NETWORK_AUTHENTICATION);
    long accounts =
        policy.requiredAuthenticationRefs().stream().filter(ObjectRef::isServiceAccount).count();
    for (ObjectRef ref : policy.requiredAuthenticationRefs()) {
      if (!ref.is(ResourceKind.MESH_TLS_AUTHENTICATION)
          && !ref.is(ResourceKind.NETWORK_AUTHENTICATION)
          && !ref.isServiceAccount()) {
        throw new RefusedPolicy(
            "spec.requiredAuthenticationRefs names a %s of group '%s'"
                .formatted(ref.kind(), ref.group()),
            "a MeshTLSAuthentication, NetworkAuthentication or ServiceAccount");
      }
    }
    if (mesh > 1 || accounts > 1 || mesh + accounts > 1) {
      throw new RefusedPolicy(
          "spec.requiredAuthenticationRefs demands more than one mesh identity of a client",
          "one MeshTLSAuthentication or one ServiceAccount; a MeshTLSAuthentication may list several");
    }
    if (networks > 1) {
      throw new RefusedPolicy(
          "spec.requiredAuthenticationRefs names more than one NetworkAuthentication",
          "one; it may list several networks");
    }
  }

  private static long count(AuthorizationPolicy policy, ResourceKind kind) {
    return policy.requiredAuthenticationRefs().stream().filter(ref -> ref.is(kind)).count();
  }
}
