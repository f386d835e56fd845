package dev.weft.policy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.FakeRequest;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.PathMatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundEvaluatorTest {
  private static final PolicyRef SERVER = PolicyRef.of("policy.linkerd.io", "server", "", "api");
  private static final IpAddr POD = IpAddr.parse("10.1.2.3");
  private static final IpAddr LOOPBACK = IpAddr.parse("127.0.0.1");
  private static final String WEB = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  @Test
  void connection_firstFittingAuthorization_isNamedInThePermit() {
    var evaluator =
        opaque(authorization("cidr", "192.168.0.0/16"), authorization("all", "0.0.0.0/0"));

    assertThat(allowed(evaluator.judgeConnection(Client.plaintext(POD))).permit())
        .isEqualTo(new Permit(SERVER, null, ref("all"), false));
  }

  @Test
  void connection_exceptedAddress_isDeniedForItsNetwork() {
    var holes = new Network(Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")));
    var evaluator =
        opaque(new Authorization(ref("a"), List.of(holes), new Authentication.Unauthenticated()));

    assertThat(denied(evaluator.judgeConnection(Client.plaintext(POD))).refusals())
        .first()
        .isEqualTo(new Decision.Refusal(ref("a"), Decision.Clause.NETWORK));
  }

  @Test
  void connection_withoutWhatTheAuthenticationAsks_isDeniedForTheFirstFailedClause() {
    var identities = new Authentication.Identities(List.of("spiffe://x/web"), List.of(suffix()));
    var evaluator = opaque(new Authorization(ref("a"), Network.ALL, identities));

    assertThat(firstClause(evaluator, Client.plaintext(POD))).isEqualTo(Decision.Clause.MESH_TLS);
    assertThat(firstClause(evaluator, Client.anonymous(POD)))
        .isEqualTo(Decision.Clause.IDENTITY_MISSING);
    assertThat(firstClause(evaluator, Client.identified(POD, "web.other")))
        .isEqualTo(Decision.Clause.IDENTITY_NOT_LISTED);
  }

  @Test
  void identities_uriClient_matchesExactOnly() {
    var any = opaque(new Authorization(ref("a"), Network.ALL, Authentication.Identities.ANY));
    var exact =
        opaque(
            new Authorization(
                ref("a"),
                Network.ALL,
                new Authentication.Identities(List.of("spiffe://x/web"), List.of())));
    var client = new Client(POD, new Client.Tls.Identified("spiffe://x/web", false));

    assertThat(any.judgeConnection(client)).isInstanceOf(Decision.Denied.class);
    assertThat(exact.judgeConnection(client)).isInstanceOf(Decision.Allowed.class);
    assertThat(any.judgeConnection(Client.identified(POD, WEB)))
        .isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void connection_fromLoopback_isAllowedThoughNothingElseIs() {
    assertThat(allowed(opaque().judgeConnection(Client.plaintext(LOOPBACK))).permit())
        .isEqualTo(new Permit(SERVER, null, PolicyRef.builtin("localhost"), false));
  }

  @Test
  void connection_fromSharedLoopback_isJudgedLikeAnyOther() {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(SERVER, new InboundProtocol.Opaque(), List.of()),
            InboundEvaluator.Loopback.SHARED);

    assertThat(denied(evaluator.judgeConnection(Client.plaintext(LOOPBACK))).reason())
        .isEqualTo(
            "connection from 127.0.0.1 without mesh TLS denied by server/api; cause: no"
                + " authorization");
  }

  @Test
  void connection_admittedByAuditAlone_saysSo() {
    var evaluator =
        opaque(
            new Authorization(
                PolicyRef.builtin("audit"), Network.ALL, new Authentication.Unauthenticated()));

    assertThat(allowed(evaluator.judgeConnection(Client.plaintext(POD))).permit().audit()).isTrue();
  }

  @Test
  void connection_onHttpPort_isDeniedEvenFromLoopback() {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(
                SERVER,
                new InboundProtocol.Http1(HttpRouting.of()),
                List.of(authorization("all", "0.0.0.0/0"))));

    assertThat(denied(evaluator.judgeConnection(Client.plaintext(LOOPBACK))).reason())
        .isEqualTo(
            "connection from 127.0.0.1 without mesh TLS denied by server/api; cause: the port takes"
                + " only requests of its protocol");
  }

  @Test
  void invalid_policy_refusesLoopbackToo() {
    var evaluator = InboundEvaluator.of(InboundPolicy.invalid("missing labels"));

    assertThat(evaluator.judgeConnection(Client.plaintext(LOOPBACK)))
        .isInstanceOf(Decision.Denied.class);
    assertThat(evaluator.judgeRequest(Client.plaintext(LOOPBACK), FakeRequest.get("/")))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void policy_withBadRegex_refusesEverythingAndSaysWhy() {
    var match = new HttpRouteMatch(new PathMatch.Regex("("), List.of(), List.of(), null);
    var evaluator = detect(route("r", List.of(authorization("all", "0.0.0.0/0")), rule(match)));

    assertThat(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/")))
        .isInstanceOf(Decision.Denied.class);
    assertThat(evaluator.problem().orElseThrow())
        .startsWith("server/api cannot be enforced; cause: regular expression '('");
  }

  @Test
  void request_onRoute_triesItsAuthorizationsBeforeThePorts() {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(
                SERVER,
                new InboundProtocol.Http2(
                    HttpRouting.of(
                        route(
                            "r",
                            List.of(authorization("own", "0.0.0.0/0")),
                            rule(HttpRouteMatch.ANY)))),
                List.of(authorization("port", "0.0.0.0/0"))));

    var decision = allowed(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/")));
    assertThat(decision.permit().authorization()).isEqualTo(ref("own"));
    assertThat(decision.permit().route()).isEqualTo(routeRef("r"));
    assertThat(decision.filters()).isSameAs(RuleFilters.NONE);
  }

  @Test
  void request_onRouteOfAnother_isNotHelpedByAuthorizationsThere() {
    var evaluator =
        detect(
            route(
                "open",
                List.of(authorization("all", "0.0.0.0/0")),
                rule(HttpRouteMatch.prefix("/open"))),
            route("closed", List.of(), rule(HttpRouteMatch.prefix("/"))));

    assertThat(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/open/x")))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(
            denied(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/x"))).reason())
        .isEqualTo(
            "request from 10.1.2.3 without mesh TLS denied by server/api HTTPRoute/closed; cause:"
                + " default:localhost: address not in its networks");
  }

  @Test
  void request_onNoRoute_namesServerAndRoutes() {
    var evaluator = detect(route("r", List.of(), rule(HttpRouteMatch.exact("/a", null))));

    assertThat(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/b")))
        .isInstanceOfSatisfying(
            Decision.NoRoute.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(
                        "request refused by server/api; cause: none of its routes matches"
                            + " (HTTPRoute/r)"));
  }

  @Test
  void request_withoutRoutes_isOnRouteDefault() {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(
                SERVER,
                new InboundProtocol.Grpc(List.of()),
                List.of(authorization("all", "0.0.0.0/0"))));

    assertThat(
            allowed(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/")))
                .permit()
                .route())
        .isEqualTo(PolicyRef.builtin("default"));
  }

  @Test
  void filters_replacingThePrefix_knowTheMatchThatHeld() {
    var redirect =
        new HttpFilter.Redirect(null, "", new HttpFilter.PathRewrite.Prefix("/c"), 0, 302);
    var evaluator =
        detect(
            route(
                "r",
                List.of(authorization("all", "0.0.0.0/0")),
                new InboundHttpRoute.Rule(
                    List.of(HttpRouteMatch.prefix("/a"), HttpRouteMatch.prefix("/b")),
                    List.of(redirect))));

    assertThat(
            allowed(evaluator.judgeRequest(Client.plaintext(POD), FakeRequest.get("/b/x")))
                .filters())
        .isEqualTo(new RuleFilters.Http(List.of(redirect), HttpRouteMatch.prefix("/b")));
  }

  @Test
  void admission_twice_isTheSameObject() {
    var evaluator = opaque(authorization("all", "0.0.0.0/0"));

    assertThat(evaluator.judgeConnection(Client.plaintext(POD)))
        .isSameAs(evaluator.judgeConnection(Client.plaintext(IpAddr.parse("10.9.9.9"))));
  }

  @Test
  void reason_ofManyAuthorizations_isBounded() {
    var many = new Authorization[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = authorization("a" + i, "192.168.0.0/16");
    }

    assertThat(denied(opaque(many).judgeConnection(Client.plaintext(POD))).reason())
        .endsWith("; and 93 more")
        .contains("authorizationpolicy/a7: address not in its networks");
  }

  private static IdentityPattern.Suffix suffix() {
    return new IdentityPattern.Suffix(List.of("shop", "local"));
  }

  private static InboundEvaluator opaque(Authorization... authorizations) {
    return InboundEvaluator.of(
        new InboundPolicy(SERVER, new InboundProtocol.Opaque(), List.of(authorizations)));
  }

  private static InboundEvaluator detect(InboundHttpRoute... routes) {
    return InboundEvaluator.of(
        new InboundPolicy(
            SERVER,
            new InboundProtocol.Detect(
                InboundPolicy.DEFAULT_DETECT_TIMEOUT, HttpRouting.of(routes)),
            List.of()));
  }

  private static InboundHttpRoute route(
      String name, List<Authorization> authorizations, InboundHttpRoute.Rule... rules) {
    return new InboundHttpRoute(routeRef(name), List.of(), authorizations, List.of(rules));
  }

  private static InboundHttpRoute.Rule rule(HttpRouteMatch... matches) {
    return new InboundHttpRoute.Rule(List.of(matches), List.of());
  }

  private static Authorization authorization(String name, String network) {
    return new Authorization(
        ref(name), List.of(Network.of(Cidr.parse(network))), new Authentication.Unauthenticated());
  }

  private static PolicyRef ref(String name) {
    return PolicyRef.of("policy.linkerd.io", "authorizationpolicy", "", name);
  }

  private static PolicyRef routeRef(String name) {
    return PolicyRef.of("policy.linkerd.io", "HTTPRoute", "", name);
  }

  private static Decision.Clause firstClause(InboundEvaluator evaluator, Client client) {
    return denied(evaluator.judgeConnection(client)).refusals().getFirst().clause();
  }

  private static Decision.Allowed allowed(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    return (Decision.Allowed) decision;
  }

  private static Decision.Denied denied(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Denied.class);
    return (Decision.Denied) decision;
  }
}
