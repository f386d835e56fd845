package dev.weft.policyservice.admission;

import dev.weft.kit.webhook.AdmissionHandler;
import dev.weft.kit.webhook.AdmissionRequest;
import dev.weft.kit.webhook.AdmissionVerdict;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.EgressNetwork;
import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import dev.weft.mesh.resource.TcpRoute;
import dev.weft.mesh.resource.TlsRoute;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.Tree;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Judges objects of {@code policy.linkerd.io} and routes of the Gateway API. Kinds are told apart
 * by group and name; every version is read as the newest. What cannot be read is refused, but in
 * objects of the Gateway API, which others may understand better, only logged.
 *
 * <p>Stateless; safe for use by many threads. Source: facts/policy.md 5.
 */
public final class PolicyAdmission implements AdmissionHandler {
  private static final Logger LOG = Logger.getLogger("dev.weft.policy.admission");
  private static final String OWN_GROUP = "policy.linkerd.io";

  /** Judges by its rules alone. */
  public PolicyAdmission() {}

  @Override
  public AdmissionVerdict review(AdmissionRequest request) {
    Optional<ResourceKind> kind = ResourceKind.of(request.group(), request.kind());
    if (kind.isEmpty()) {
      return AdmissionVerdict.deny(
          "%s of group '%s' refused; cause: not a kind of policy; fix: mend the rules of the webhook configuration"
              .formatted(request.kind(), request.group()));
    }
    Resource resource;
    try {
      resource = decode(kind.get(), request);
    } catch (DecodeException | IllegalArgumentException e) {
      return unreadable(request, String.valueOf(e.getMessage()));
    }
    try {
      judge(resource, new Written(request.object()));
      return AdmissionVerdict.allow();
    } catch (RefusedPolicy | InvalidPolicyException e) {
      return refused(request, String.valueOf(e.getMessage()));
    }
  }

  private static Resource decode(ResourceKind kind, AdmissionRequest request) {
    if (JsonTrees.parse(request.object().toString()).getFirst() instanceof Tree.Mapping object) {
      return ResourceDecoder.object(kind, kind.versions().getFirst(), object);
    }
    throw new IllegalArgumentException("not an object");
  }

  private static void judge(Resource resource, Written written) {
    switch (resource) {
      case Server server -> ServerRules.check(server, written);
      case ServerAuthorization authorization -> AuthorizationRules.check(authorization, written);
      case AuthorizationPolicy policy -> AuthorizationRules.check(policy);
      case MeshTlsAuthentication authentication ->
          AuthenticationRules.check(authentication, written);
      case NetworkAuthentication authentication -> NetworkRules.check(authentication.networks());
      case EgressNetwork egress -> {
        if (egress.networks().isPresent() && egress.networks().get().isEmpty()) {
          throw new RefusedPolicy("spec.networks is empty", "leave it out, or name a network");
        }
        NetworkRules.check(egress.networks().orElse(List.of()));
      }
      case HttpRoute route -> RouteRules.check(route);
      case GrpcRoute route -> RouteRules.check(route);
      case TlsRoute route -> RouteRules.check(route, route.rules().size());
      case TcpRoute route -> RouteRules.check(route, route.rules().size());
      case HttpLocalRateLimitPolicy limit -> RateLimitRules.check(limit);
      default ->
          throw new RefusedPolicy(
              resource.kind().kind() + " is not a kind of policy",
              "mend the rules of the webhook configuration");
    }
  }

  private static AdmissionVerdict unreadable(AdmissionRequest request, String cause) {
    if (request.group().equals(OWN_GROUP)) {
      return refused(request, cause);
    }
    LOG.infof(
        "admitted although not readable: kind=%s namespace=%s name=%s; cause: %s",
        request.kind(), request.namespace(), request.name(), cause);
    return AdmissionVerdict.allow();
  }

  private static AdmissionVerdict refused(AdmissionRequest request, String cause) {
    LOG.debugf(
        "refused: kind=%s namespace=%s name=%s; cause: %s",
        request.kind(), request.namespace(), request.name(), cause);
    return AdmissionVerdict.deny(
        "%s %s/%s refused; cause: %s"
            .formatted(request.kind(), request.namespace(), request.name(), cause));
  }
}
