package dev.weft.policy.inbound.compile;

import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.Network;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.StandardAuthorizations;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All authorizations of one namespace, with what each attaches to. An object that cannot be used
 * attaches to nothing and is told to {@code problems}. Source: facts/policy.md 2.6.
 */
final class Authorizations {
  private final InboundSettings settings;
  private final String namespace;
  private final Authentications authentications;
  private final Consumer<Problem> problems;
  private final List<OfServers> older = new ArrayList<>();
  private final List<OfTarget> policies = new ArrayList<>();

  private record OfServers(ServerAuthorization.Servers servers, Authorization authorization) {}

  private record OfTarget(ObjectRef target, Authorization authorization) {}

  Authorizations(
      InboundSettings settings, String namespace, ObjectStore objects, Consumer<Problem> problems) {
    this.settings = settings;
    this.namespace = namespace;
    this.problems = problems;
    authentications = new Authentications(settings.identities(), objects);
    objects
        .list(ResourceKind.SERVER_AUTHORIZATION, namespace, ServerAuthorization.class)
        .forEach(
            object ->
                usable(object, () -> serverAuthorization(object))
                    .ifPresent(a -> older.add(new OfServers(object.servers(), a))));
    objects
        .list(ResourceKind.AUTHORIZATION_POLICY, namespace, AuthorizationPolicy.class)
        .forEach(
            object ->
                usable(object, () -> authorizationPolicy(object))
                    .ifPresent(a -> policies.add(new OfTarget(object.targetRef(), a))));
  }

  /**
   * Who may use the whole port: named authorizations in the order of their names, then what the
   * Server's access policy adds, so that {@code audit} counts only what nothing else admits.
   */
  List<Authorization> ofServer(Server server) {
    List<Authorization> result = new ArrayList<>();
    for (OfServers entry : older) {
      boolean selected =
          switch (entry.servers()) {
            case ServerAuthorization.Servers.ByName(String name) ->
                name.equals(server.meta().name());
            case ServerAuthorization.Servers.BySelector selector ->
                selector.labels().matches(server.meta().labels());
          };
      if (selected) {
        result.add(entry.authorization());
      }
    }
    for (OfTarget entry : policies) {
      ObjectRef target = entry.target();
      if ((target.is(ResourceKind.SERVER) && target.name().equals(server.meta().name()))
          || target.is(ResourceKind.NAMESPACE)) {
        result.add(entry.authorization());
      }
    }
    result.addAll(StandardAuthorizations.of(server.accessPolicy(), settings.clusterNetworks()));
    return result;
  }

  /** Who may use a route besides those who may use the port. */
  List<Authorization> ofRoute(ResourceKind kind, String name) {
    return policies.stream()
        .filter(e -> e.target().is(kind) && e.target().name().equalsIgnoreCase(name))
        .map(OfTarget::authorization)
        .toList();
  }

  private interface Compilation {
    Authorization compile() throws Authentications.Unusable;
  }

  private Optional<Authorization> usable(Resource object, Compilation compilation) {
    try {
      return Optional.of(compilation.compile());
    } catch (Authentications.Unusable e) {
      problems.accept(new Problem(object.key(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private Authorization serverAuthorization(ServerAuthorization object)
      throws Authentications.Unusable {
    Authentication authentication =
        switch (object.client()) {
          case ServerAuthorization.Client.Unauthenticated _ -> new Authentication.Unauthenticated();
          case ServerAuthorization.Client.UnauthenticatedTls _ ->
              new Authentication.TlsUnauthenticated();
          case ServerAuthorization.Client.MeshTls(
                  List<IdentityPattern> identities,
                  List<ObjectRef> accounts) -> {
            List<IdentityPattern> patterns = new ArrayList<>(identities);
            for (ObjectRef account : accounts) {
              patterns.add(authentications.serviceAccount(account, namespace));
            }
            if (patterns.isEmpty()) {
              throw new Authentications.Unusable("it names no client");
            }
            yield Authentication.Identities.of(patterns);
          }
        };
    List<Network> networks =
        object.networks().isEmpty() ? settings.clusterNetworks() : object.networks();
    return new Authorization(ref("serverauthorization", object), networks, authentication);
  }

  private Authorization authorizationPolicy(AuthorizationPolicy object)
      throws Authentications.Unusable {
    requireKnownTarget(object.targetRef());
    Authentication authentication = null;
    List<Network> networks = null;
    for (ObjectRef required : object.requiredAuthenticationRefs()) {
      if (required.is(ResourceKind.NETWORK_AUTHENTICATION)) {
        requireFirst(networks, "more than one NetworkAuthentication");
        networks = authentications.networks(required, namespace);
      } else if (required.is(ResourceKind.MESH_TLS_AUTHENTICATION)) {
        requireFirst(authentication, "more than one authentication of identities");
        authentication = authentications.meshTls(required, namespace);
      } else if (required.isServiceAccount()) {
        requireFirst(authentication, "more than one authentication of identities");
        authentication =
            Authentication.Identities.of(
                List.of(authentications.serviceAccount(required, namespace)));
      } else {
        throw new Authentications.Unusable(
            "it requires an authentication of unknown kind " + required.kind());
      }
    }
    return new Authorization(
        ref("authorizationpolicy", object),
        networks == null ? Network.ALL : networks,
        authentication == null ? new Authentication.Unauthenticated() : authentication);
  }

  private void requireKnownTarget(ObjectRef target) throws Authentications.Unusable {
    if (target.is(ResourceKind.NAMESPACE)) {
      if (!target.name().equals(namespace)) {
        throw new Authentications.Unusable("it targets another namespace, " + target.name());
      }
    } else if (!target.is(ResourceKind.SERVER)
        && !target.is(ResourceKind.POLICY_HTTP_ROUTE)
        && !target.is(ResourceKind.HTTP_ROUTE)
        && !target.is(ResourceKind.GRPC_ROUTE)) {
      throw new Authentications.Unusable("it targets an unknown kind, " + target.kind());
    }
  }

  private static void requireFirst(@Nullable Object earlier, String cause)
      throws Authentications.Unusable {
    if (earlier != null) {
      throw new Authentications.Unusable("it requires " + cause);
    }
  }

  private static PolicyRef ref(String kind, Resource object) {
    return PolicyRef.of(object.kind().group(), kind, "", object.meta().name());
  }
}
