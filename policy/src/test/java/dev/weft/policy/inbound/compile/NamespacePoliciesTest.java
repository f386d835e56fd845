package dev.weft.policy.inbound.compile;

import static dev.weft.policy.inbound.compile.Shop.CLUSTER;
import static dev.weft.policy.inbound.compile.Shop.GROUP;
import static dev.weft.policy.inbound.compile.Shop.NS;
import static dev.weft.policy.inbound.compile.Shop.container;
import static dev.weft.policy.inbound.compile.Shop.coreRef;
import static dev.weft.policy.inbound.compile.Shop.meshTls;
import static dev.weft.policy.inbound.compile.Shop.meta;
import static dev.weft.policy.inbound.compile.Shop.network;
import static dev.weft.policy.inbound.compile.Shop.pod;
import static dev.weft.policy.inbound.compile.Shop.policy;
import static dev.weft.policy.inbound.compile.Shop.ref;
import static dev.weft.policy.inbound.compile.Shop.server;
import static dev.weft.policy.inbound.compile.Shop.serverAuthorization;
import static dev.weft.policy.inbound.compile.Shop.settings;
import static dev.weft.policy.inbound.compile.Shop.workload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.Network;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.Condition;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HttpRouteMatch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamespacePoliciesTest {
  private static final Server OPAQUE = server("api", PortRef.of(8080), Server.ProxyProtocol.OPAQUE);
  private static final String WEB = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  // --- ports without a Server ---

  @ParameterizedTest
  @EnumSource
  void defaultPolicy_onPortWithoutServer_isNamedAndDetects(DefaultInboundPolicy mode) {
    InboundPolicy policy = compile(settings(mode), pod(Map.of()), 9999);

    assertThat(policy.server()).isEqualTo(PolicyRef.builtin(mode.toString()));
    assertThat(policy.protocol())
        .isEqualTo(
            new InboundProtocol.Detect(
                InboundPolicy.DEFAULT_DETECT_TIMEOUT,
                new HttpRouting(DefaultRoutes.http(List.of(), List.of()), null)));
    assertThat(policy.authorizations()).isEqualTo(expectedDefault(mode));
  }

  private static List<Authorization> expectedDefault(DefaultInboundPolicy mode) {
    PolicyRef ref = PolicyRef.builtin(mode.toString());
    var anyIdentity =
        new Authentication.Identities(List.of(), List.of(new IdentityPattern.Suffix(List.of())));
    return switch (mode) {
      case DENY -> List.of();
      case ALL_UNAUTHENTICATED, AUDIT ->
          List.of(new Authorization(ref, Network.ALL, new Authentication.Unauthenticated()));
      case ALL_AUTHENTICATED -> List.of(new Authorization(ref, Network.ALL, anyIdentity));
      case CLUSTER_UNAUTHENTICATED ->
          List.of(new Authorization(ref, CLUSTER, new Authentication.Unauthenticated()));
      case CLUSTER_AUTHENTICATED -> List.of(new Authorization(ref, CLUSTER, anyIdentity));
    };
  }

  @ParameterizedTest
  @CsvSource({
    "all-unauthenticated, all-authenticated",
    "cluster-unauthenticated, cluster-authenticated",
    "cluster-authenticated, cluster-authenticated",
    "deny, deny",
    "audit, audit"
  })
  void annotations_onPod_chooseDefaultAndDemandIdentity(String configured, String expected) {
    Pod pod =
        pod(
            Map.of(
                MeshKeys.DEFAULT_INBOUND_POLICY,
                configured,
                MeshKeys.REQUIRE_IDENTITY_PORTS,
                "1000-2000, 8080"));

    assertThat(compile(settings(DefaultInboundPolicy.ALL_AUTHENTICATED), pod, 8080).server())
        .isEqualTo(PolicyRef.builtin(expected));
    assertThat(compile(settings(DefaultInboundPolicy.ALL_AUTHENTICATED), pod, 81).server())
        .isEqualTo(PolicyRef.builtin(configured));
  }

  @Test
  void annotations_unreadable_countAsAbsent() {
    Pod pod =
        pod(
            Map.of(
                MeshKeys.DEFAULT_INBOUND_POLICY, "Deny",
                MeshKeys.REQUIRE_IDENTITY_PORTS, "8080,x",
                MeshKeys.OPAQUE_PORTS, "8080,http"));
    InboundPolicy policy = compile(settings(DefaultInboundPolicy.ALL_UNAUTHENTICATED), pod, 8080);

    assertThat(policy.server()).isEqualTo(PolicyRef.builtin("all-unauthenticated"));
    assertThat(policy.protocol()).isInstanceOf(InboundProtocol.Detect.class);
  }

  @Test
  void opaquePorts_onPod_makeDefaultPortOpaque() {
    assertThat(
            compile(
                    settings(DefaultInboundPolicy.DENY),
                    pod(Map.of(MeshKeys.OPAQUE_PORTS, "3306")),
                    3306)
                .protocol())
        .isEqualTo(new InboundProtocol.Opaque());
  }

  @Test
  void pod_withoutControlPlaneLabel_isNoWorkload() {
    Pod pod = pod(Map.of());
    assertThat(Workload.of(new Pod(pod.meta().withLabels(Map.of()), pod.spec(), pod.status())))
        .isEmpty();
  }

  @Test
  void probes_ofPort_openTheirPathsToProbeNetworks() {
    Pod pod =
        pod(
            Map.of(),
            container(
                List.of(new Pod.Port("Admin", 4191, 0, "TCP")),
                new Pod.HttpProbe("/ready?x=1", PortRef.of("admin")),
                new Pod.HttpProbe("/live", PortRef.of(4191)),
                new Pod.HttpProbe(null, PortRef.of(81)),
                new Pod.HttpProbe("/%zz", PortRef.of(4191)),
                new Pod.HttpProbe("/x", PortRef.of("nosuch"))));

    List<InboundHttpRoute> routes = routes(compile(settings(DefaultInboundPolicy.DENY), pod, 4191));
    assertThat(routes)
        .extracting(InboundHttpRoute::ref)
        .containsExactly(PolicyRef.builtin("default"), PolicyRef.builtin("probe"));
    assertThat(routes.get(1).rules().getFirst().matches())
        .containsExactly(
            HttpRouteMatch.exact("/live", "GET"), HttpRouteMatch.exact("/ready", "GET"));
    assertThat(routes.get(1).authorizations())
        .containsExactly(
            new Authorization(
                PolicyRef.builtin("probe"), Network.ALL, new Authentication.Unauthenticated()));
    assertThat(routes(compile(settings(DefaultInboundPolicy.DENY), pod, 81)).get(1).rules())
        .singleElement()
        .extracting(InboundHttpRoute.Rule::matches)
        .isEqualTo(List.of(HttpRouteMatch.exact("/", "GET")));
  }

  // --- Servers ---

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN,Detect",
    "HTTP_1,Http1",
    "HTTP_2,Http2",
    "GRPC,Grpc",
    "OPAQUE,Opaque",
    "TLS,Tls"
  })
  void server_proxyProtocol_decidesTheProtocol(Server.ProxyProtocol protocol, String expected) {
    InboundPolicy policy = compile(pod(Map.of()), 8080, server("api", PortRef.of(8080), protocol));

    assertThat(policy.protocol().getClass().getSimpleName()).isEqualTo(expected);
    assertThat(policy.server()).isEqualTo(PolicyRef.of(GROUP, "server", "", "api"));
    assertThat(policy.authorizations()).isEmpty();
  }

  @Test
  void server_ofGrpcWithoutRoutes_hasOneEmptyMatch() {
    InboundPolicy policy =
        compile(pod(Map.of()), 8080, server("api", PortRef.of(8080), Server.ProxyProtocol.GRPC));

    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Grpc.class,
            grpc ->
                assertThat(grpc.routes().getFirst().rules().getFirst().matches())
                    .containsExactly(GrpcRouteMatch.ANY));
  }

  @Test
  void servers_onOnePort_oldestWinsAndUndatedComeLast() {
    Server undated = server("a", PortRef.of(8080), Server.ProxyProtocol.TLS);
    Server younger = dated(server("b", PortRef.of(8080), Server.ProxyProtocol.TLS), 20);
    Server older = dated(server("c", PortRef.of(8080), Server.ProxyProtocol.TLS), 10);

    assertThat(compile(pod(Map.of()), 8080, undated, younger, older).server().name())
        .isEqualTo("c");
    assertThat(compile(pod(Map.of()), 8080, undated, younger).server().name()).isEqualTo("b");
  }

  @Test
  void server_onNamedPort_isForEveryNumberOfThatName() {
    Pod pod =
        pod(
            Map.of(),
            container(
                List.of(
                    new Pod.Port("http", 8080, 0, "TCP"), new Pod.Port("http", 5353, 0, "UDP"))),
            container(List.of(new Pod.Port("http", 8081, 0, "TCP"))));
    Server server = server("api", PortRef.of("http"), Server.ProxyProtocol.HTTP_1);

    assertThat(compile(pod, 8080, server).server().name()).isEqualTo("api");
    assertThat(compile(pod, 8081, server).server().name()).isEqualTo("api");
    assertThat(compile(pod, 5353, server).server().kind()).isEqualTo("default");
  }

  @Test
  void server_forExternalWorkloads_isNotForPods() {
    var selector = new Server.Selector.ExternalWorkloads(LabelSelector.ALL);
    Server server =
        new Server(
            meta("ext"),
            selector,
            PortRef.of("http"),
            Server.ProxyProtocol.HTTP_1,
            DefaultInboundPolicy.DENY);
    var external =
        new ExternalWorkload(
            meta("vm"),
            new ExternalWorkload.Spec(
                "spiffe://x/vm",
                "vm",
                List.of(new ExternalWorkload.Port("http", 80, "TCP")),
                List.of()),
            List.of());
    var policies =
        NamespacePolicies.compile(
            settings(DefaultInboundPolicy.DENY), NS, ObjectStore.of(List.of(server)));

    assertThat(policies.of(Workload.of(external), 80).server().name()).isEqualTo("ext");
    assertThat(policies.of(workload(pod(Map.of())), 80).server().kind()).isEqualTo("default");
  }

  @Test
  void accessPolicy_ofServer_joinsAuthorizationsAndComesLast() {
    Server server =
        server("api", PortRef.of(8080), Server.ProxyProtocol.OPAQUE, DefaultInboundPolicy.AUDIT);

    assertThat(
            compile(pod(Map.of()), 8080, server, policy("p", ref("Server", "api")))
                .authorizations())
        .extracting(authorization -> authorization.ref().display())
        .containsExactly("authorizationpolicy/p", "default:audit");
  }

  // --- authorizations ---

  @Test
  void authorizationPolicy_withoutAuthentications_admitsEverybodyFromEverywhere() {
    assertThat(authorizations(policy("p", ref("sErVer", "api"))))
        .containsExactly(
            new Authorization(
                PolicyRef.of(GROUP, "authorizationpolicy", "", "p"),
                Network.ALL,
                new Authentication.Unauthenticated()));
  }

  @Test
  void authorizationPolicy_withNetworkAndIdentity_demandsBoth() {
    assertThat(
            authorizations(
                policy(
                    "p",
                    ref("Server", "api"),
                    ref("NetworkAuthentication", "net"),
                    ref("MeshTLSAuthentication", "ids")),
                network("net", "10.2.0.0/16"),
                meshTls("ids", "*.shop", WEB)))
        .containsExactly(
            new Authorization(
                PolicyRef.of(GROUP, "authorizationpolicy", "", "p"),
                List.of(Network.of(Cidr.parse("10.2.0.0/16"))),
                new Authentication.Identities(
                    List.of(WEB), List.of(new IdentityPattern.Suffix(List.of("shop"))))));
  }

  @Test
  void authorizationPolicy_forServiceAccount_isItsIdentity() {
    assertThat(
            authorizations(policy("p", ref("Server", "api"), coreRef("ServiceAccount", "", "web"))))
        .extracting(Authorization::authentication)
        .containsExactly(new Authentication.Identities(List.of(WEB), List.of()));
  }

  @Test
  void authorizationPolicy_onOwnNamespace_isForEveryServer() {
    assertThat(authorizations(policy("p", coreRef("Namespace", "", NS)))).hasSize(1);
    assertThat(authorizations(policy("p", coreRef("Namespace", "", "other")))).isEmpty();
  }

  @Test
  void authorizationPolicy_withDanglingAuthentication_admitsNobodyAndIsReported() {
    var policies =
        NamespacePolicies.compile(
            settings(DefaultInboundPolicy.DENY),
            NS,
            ObjectStore.of(
                List.of(
                    OPAQUE,
                    policy("p", ref("Server", "api"), ref("MeshTLSAuthentication", "gone")))));

    assertThat(policies.of(workload(pod(Map.of())), 8080).authorizations()).isEmpty();
    assertThat(policies.problems())
        .singleElement()
        .hasToString(
            "AuthorizationPolicy.policy.linkerd.io shop/p is not used; cause:"
                + " MeshTLSAuthentication shop/gone does not exist");
  }

  @Test
  void authorizationPolicy_withWhatCannotBeCombinedOrIsUnknown_admitsNobody() {
    assertThat(
            authorizations(
                policy(
                    "twoIdentities",
                    ref("Server", "api"),
                    ref("MeshTLSAuthentication", "ids"),
                    coreRef("ServiceAccount", "", "web")),
                policy(
                    "twoNetworks",
                    ref("Server", "api"),
                    ref("NetworkAuthentication", "net"),
                    ref("NetworkAuthentication", "net")),
                policy("unknown", ref("Server", "api"), ref("JWTAuthentication", "x")),
                policy("dotted", ref("Server", "api"), coreRef("ServiceAccount", "", "a.b")),
                policy("otherServer", ref("Server", "API")),
                policy("otherKind", ref("Deployment", "api")),
                meshTls("ids", "*"),
                network("net", "10.0.0.0/8")))
        .isEmpty();
  }

  @Test
  void meshTls_ofOtherNamespaceWithRefs_resolvesAgainstItsOwnNamespace() {
    var authentication =
        new MeshTlsAuthentication(
            ObjectMeta.of("other", "ids"),
            List.of(),
            List.of(
                coreRef("ServiceAccount", "", "web"),
                coreRef("ServiceAccount", "third", "x"),
                coreRef("Namespace", "", "shop")));
    var required = new ObjectRef(GROUP, "MeshTLSAuthentication", "other", "ids");

    assertThat(authorizations(policy("p", ref("Server", "api"), required), authentication))
        .extracting(Authorization::authentication)
        .containsExactly(
            new Authentication.Identities(
                List.of(
                    IdentityNames.defaults().of("other", "web"),
                    IdentityNames.defaults().of("third", "x")),
                List.of(
                    (IdentityPattern.Suffix) IdentityNames.defaults().namespacePattern("shop"))));
  }

  @Test
  void serverAuthorization_withoutNetworks_isForTheCluster() {
    assertThat(
            authorizations(
                serverAuthorization(
                    "s", "api", new ServerAuthorization.Client.UnauthenticatedTls())))
        .containsExactly(
            new Authorization(
                PolicyRef.of(GROUP, "serverauthorization", "", "s"),
                CLUSTER,
                new Authentication.TlsUnauthenticated()));
  }

  @Test
  void serverAuthorization_bySelector_readsLabelsOfTheServer() {
    var bySelector =
        new ServerAuthorization(
            meta("s"),
            new ServerAuthorization.Servers.BySelector(LabelSelector.of(Map.of("tier", "back"))),
            Network.ALL,
            new ServerAuthorization.Client.MeshTls(
                List.of(), List.of(coreRef("ServiceAccount", "", "web"))));

    assertThat(authorizations(bySelector))
        .extracting(Authorization::authentication)
        .containsExactly(new Authentication.Identities(List.of(WEB), List.of()));
  }

  // --- routes and limits ---

  @Test
  void httpRoute_onServer_replacesDefaultRoutesAndCarriesItsAuthorizations() {
    InboundPolicy policy =
        compile(
            pod(Map.of()),
            8080,
            server("api", PortRef.of(8080), Server.ProxyProtocol.HTTP_1),
            httpRoute("r", parent("Server", "api"), List.of()),
            policy("p", ref("httproute", "R")));

    assertThat(policy.authorizations()).isEmpty();
    InboundHttpRoute route = routes(policy).getFirst();
    assertThat(routes(policy)).hasSize(1);
    assertThat(route.ref()).isEqualTo(PolicyRef.of(GROUP, "HTTPRoute", "", "r"));
    assertThat(route.authorizations()).hasSize(1);
    assertThat(route.rules().getFirst().matches())
        .containsExactly(HttpRouteMatch.exact("/a", "GET"));
  }

  @Test
  void httpRoute_notAcceptedWhereStatusCounts_isInvisible() {
    var settings =
        new InboundSettings(
            IdentityNames.defaults(),
            DefaultInboundPolicy.DENY,
            CLUSTER,
            List.of(),
            InboundSettings.Acceptance.STATUS);
    Server server = server("api", PortRef.of(8080), Server.ProxyProtocol.HTTP_1);
    HttpRoute pending = httpRoute("r", parent("Server", "api"), List.of());
    HttpRoute accepted =
        httpRoute(
            "r",
            parent("Server", "api"),
            List.of(
                new Route.ParentStatus(
                    parent("Server", "api"),
                    MeshKeys.POLICY_CONTROLLER,
                    List.of(new Condition("Accepted", "True", "Accepted", "", "")))));

    assertThat(routes(compile(settings, pod(Map.of()), 8080, server, pending)))
        .extracting(InboundHttpRoute::ref)
        .containsExactly(PolicyRef.builtin("default"));
    assertThat(routes(compile(settings, pod(Map.of()), 8080, server, accepted)))
        .extracting(route -> route.ref().name())
        .containsExactly("r");
  }

  @Test
  void httpRoute_withUnsupportedFilterOrParentWithPort_isNotAttached() {
    Server server = server("api", PortRef.of(8080), Server.ProxyProtocol.HTTP_1);
    HttpRoute plain = httpRoute("r", parent("Server", "api"), List.of());
    var mirrored =
        new HttpRoute(
            plain.kind(),
            plain.meta(),
            plain.parentRefs(),
            List.of(),
            List.of(
                new HttpRoute.Rule(
                    List.of(HttpRoute.Match.ANY),
                    List.of(new Route.Filter.Unsupported("RequestMirror")),
                    List.of(),
                    HttpRoute.Timeouts.NONE)),
            List.of());
    HttpRoute withPort =
        httpRoute("r", new Route.ParentRef(ref("Server", "api"), "", 8080), List.of());

    for (HttpRoute route : List.of(mirrored, withPort)) {
      assertThat(routes(compile(pod(Map.of()), 8080, server, route)))
          .extracting(InboundHttpRoute::ref)
          .containsExactly(PolicyRef.builtin("default"));
    }
  }

  @Test
  void grpcRoute_onGrpcServer_isServed() {
    var route =
        new GrpcRoute(
            meta("g"),
            List.of(parent("Server", "api")),
            List.of("*.shop"),
            List.of(
                new GrpcRoute.Rule(
                    List.of(
                        new GrpcRoute.Match(
                            new GrpcRoute.MethodMatch.Exact("shop.Cart", ""), List.of())),
                    List.of(),
                    List.of())),
            List.of());

    assertThat(
            compile(
                    pod(Map.of()),
                    8080,
                    server("api", PortRef.of(8080), Server.ProxyProtocol.GRPC),
                    route)
                .protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Grpc.class,
            grpc ->
                assertThat(grpc.routes().getFirst().rules().getFirst().matches())
                    .containsExactly(new GrpcRouteMatch("shop.Cart", "", List.of())));
  }

  @Test
  void rateLimit_ofServer_isTheOldest() {
    InboundPolicy policy =
        compile(
            pod(Map.of()),
            8080,
            server("api", PortRef.of(8080), Server.ProxyProtocol.HTTP_1),
            rateLimit("b", 10),
            rateLimit("a", 5));

    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Http1.class,
            http ->
                assertThat(http.http().rateLimit())
                    .isEqualTo(
                        new RateLimit(
                            PolicyRef.of(GROUP, "HTTPLocalRateLimitPolicy", "", "a"),
                            5,
                            0,
                            List.of(new RateLimit.Override(3, List.of(WEB))))));
  }

  private static HttpLocalRateLimitPolicy rateLimit(String name, long total) {
    return new HttpLocalRateLimitPolicy(
        meta(name),
        ref("Server", "api"),
        OptionalLong.of(total),
        OptionalLong.empty(),
        List.of(
            new HttpLocalRateLimitPolicy.Override(
                3, List.of(coreRef("ServiceAccount", "", "web")))),
        List.of());
  }

  private static HttpRoute httpRoute(
      String name, Route.ParentRef parent, List<Route.ParentStatus> statuses) {
    var match =
        new HttpRoute.Match(new HttpRoute.PathMatch.Exact("/a"), List.of(), List.of(), "GET");
    return new HttpRoute(
        ResourceKind.POLICY_HTTP_ROUTE,
        meta(name),
        List.of(parent),
        List.of(),
        List.of(new HttpRoute.Rule(List.of(match), List.of(), List.of(), HttpRoute.Timeouts.NONE)),
        statuses);
  }

  private static Route.ParentRef parent(String kind, String name) {
    return new Route.ParentRef(ref(kind, name), "", 0);
  }

  private static Server dated(Server server, long second) {
    return new Server(
        server.meta().withCreationTimestamp(Instant.ofEpochSecond(second)),
        server.selector(),
        server.port(),
        server.proxyProtocol(),
        server.accessPolicy());
  }

  private static List<InboundHttpRoute> routes(InboundPolicy policy) {
    return switch (policy.protocol()) {
      case InboundProtocol.Detect detect -> detect.http().routes();
      case InboundProtocol.Http1 http1 -> http1.http().routes();
      case InboundProtocol.Http2 http2 -> http2.http().routes();
      case InboundProtocol.Grpc _, InboundProtocol.Opaque _, InboundProtocol.Tls _ -> List.of();
    };
  }

  private static List<Authorization> authorizations(Resource... objects) {
    ObjectStore store = ObjectStore.of(List.of(objects));
    store.apply(OPAQUE);
    return NamespacePolicies.compile(settings(DefaultInboundPolicy.DENY), NS, store)
        .of(workload(pod(Map.of())), 8080)
        .authorizations();
  }

  private static InboundPolicy compile(Pod pod, int port, Resource... objects) {
    return compile(settings(DefaultInboundPolicy.DENY), pod, port, objects);
  }

  private static InboundPolicy compile(
      InboundSettings settings, Pod pod, int port, Resource... objects) {
    return NamespacePolicies.compile(settings, NS, ObjectStore.of(List.of(objects)))
        .of(workload(pod), port);
  }
}
