package dev.weft.resources.decode;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.Network;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.EgressNetwork;
import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Decodes who may talk: Servers, authorizations, authentications, limits, egress networks. */
final class PolicyDecoder {
  private static final long MAX_LIMIT = 0xffff_ffffL;

  private PolicyDecoder() {}

  static Server server(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new Server(
        meta,
        serverSelector(spec),
        spec.portRef("port"),
        spec.wordOr(
            "proxyProtocol", List.of(Server.ProxyProtocol.values()), Server.ProxyProtocol.UNKNOWN),
        // By the contract a policy nobody knows is as good as deny: it fails closed.
        DefaultInboundPolicy.parse(spec.textOr("accessPolicy", ""))
            .orElse(DefaultInboundPolicy.DENY));
  }

  private static Server.Selector serverSelector(Fields spec) {
    Optional<Server.Selector> pods =
        spec.child("podSelector").map(labels -> new Server.Selector.Pods(selector(labels)));
    Optional<Server.Selector> workloads =
        spec.child("externalWorkloadSelector")
            .map(labels -> new Server.Selector.ExternalWorkloads(selector(labels)));
    if (pods.isPresent() == workloads.isPresent()) {
      throw spec.invalid(
          "found "
              + (pods.isPresent() ? "both" : "none")
              + ", expected exactly one of podSelector, externalWorkloadSelector");
    }
    return pods.or(() -> workloads).orElseThrow();
  }

  static LabelSelector selector(Fields selector) {
    return new LabelSelector(
        selector.textMap("matchLabels"),
        selector.objects(
            "matchExpressions",
            expression ->
                new LabelSelector.Expression(
                    expression.text("key"),
                    expression.word("operator", List.of(LabelSelector.Operator.values())),
                    expression.has("values") ? expression.texts("values") : null)));
  }

  static ServerAuthorization serverAuthorization(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    Fields server = spec.object("server");
    Optional<Fields> selector = server.child("selector");
    if (server.has("name") == selector.isPresent()) {
      throw server.invalid("expected exactly one of name, selector");
    }
    Fields client = spec.object("client");
    return new ServerAuthorization(
        meta,
        selector
            .<ServerAuthorization.Servers>map(
                labels -> new ServerAuthorization.Servers.BySelector(selector(labels)))
            .orElseGet(() -> new ServerAuthorization.Servers.ByName(server.text("name"))),
        networks(client),
        client(client));
  }

  /** The first that is said counts: anyone, any TLS, these identities. */
  private static ServerAuthorization.Client client(Fields client) {
    if (client.flagOr("unauthenticated", false)) {
      return new ServerAuthorization.Client.Unauthenticated();
    }
    Fields tls = client.childOrEmpty("meshTLS");
    if (tls.flagOr("unauthenticatedTLS", false)) {
      return new ServerAuthorization.Client.UnauthenticatedTls();
    }
    List<IdentityPattern> identities =
        tls.texts("identities").stream().map(IdentityPattern::parse).toList();
    List<ObjectRef> accounts =
        tls.objects(
            "serviceAccounts",
            account ->
                new ObjectRef(
                    "", "ServiceAccount", account.textOr("namespace", ""), account.text("name")));
    if (identities.isEmpty() && accounts.isEmpty()) {
      throw client.invalid(
          "names nobody; fix: unauthenticated, meshTLS.unauthenticatedTLS, meshTLS.identities or"
              + " meshTLS.serviceAccounts");
    }
    return new ServerAuthorization.Client.MeshTls(identities, accounts);
  }

  static AuthorizationPolicy authorizationPolicy(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    if (!spec.has("requiredAuthenticationRefs")) {
      throw spec.invalid("requiredAuthenticationRefs", "a list, perhaps empty");
    }
    return new AuthorizationPolicy(
        meta,
        MetaDecoder.localRef(spec.object("targetRef")),
        spec.objects("requiredAuthenticationRefs", MetaDecoder::ref));
  }

  static MeshTlsAuthentication meshTlsAuthentication(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    List<IdentityPattern> identities =
        spec.texts("identities").stream().map(IdentityPattern::parse).toList();
    List<ObjectRef> refs = spec.objects("identityRefs", PolicyDecoder::identityRef);
    if (identities.isEmpty() == refs.isEmpty()) {
      throw spec.invalid(
          "found "
              + (refs.isEmpty() ? "none" : "both")
              + ", expected exactly one non-empty list of identities, identityRefs");
    }
    return new MeshTlsAuthentication(meta, identities, refs);
  }

  private static ObjectRef identityRef(Fields fields) {
    ObjectRef ref = MetaDecoder.ref(fields);
    if (!ref.isServiceAccount() && !ref.is(ResourceKind.NAMESPACE)) {
      throw fields.invalid("kind", "ServiceAccount or Namespace of the core group");
    }
    return ref;
  }

  static NetworkAuthentication networkAuthentication(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    List<Network> networks = networks(spec);
    if (networks.isEmpty()) {
      throw spec.invalid("networks", "at least one network");
    }
    return new NetworkAuthentication(meta, networks);
  }

  private static List<Network> networks(Fields fields) {
    return fields.objects(
        "networks", network -> new Network(network.cidr("cidr"), network.cidrs("except")));
  }

  static HttpLocalRateLimitPolicy rateLimit(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new HttpLocalRateLimitPolicy(
        meta,
        MetaDecoder.localRef(spec.object("targetRef")),
        limit(spec, "total"),
        limit(spec, "identity"),
        spec.objects(
            "overrides",
            limits ->
                new HttpLocalRateLimitPolicy.Override(
                    limits.longNumber("requestsPerSecond", 0, MAX_LIMIT),
                    limits.objects("clientRefs", MetaDecoder::ref))),
        MetaDecoder.statusConditions(object));
  }

  private static OptionalLong limit(Fields spec, String name) {
    return spec.child(name).stream()
        .mapToLong(limit -> limit.longNumber("requestsPerSecond", 0, MAX_LIMIT))
        .findFirst();
  }

  static EgressNetwork egressNetwork(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    return new EgressNetwork(
        meta,
        spec.word("trafficPolicy", List.of(EgressNetwork.TrafficPolicy.values())),
        spec.has("networks") ? Optional.of(networks(spec)) : Optional.empty(),
        MetaDecoder.statusConditions(object));
  }
}
