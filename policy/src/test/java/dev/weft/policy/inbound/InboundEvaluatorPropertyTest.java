package dev.weft.policy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.FakeRequest;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The evaluator against a plain reading of the contract over lists and texts. */
class InboundEvaluatorPropertyTest {
  private static final PolicyRef SERVER = PolicyRef.of("policy.linkerd.io", "server", "", "s");

  @Property(tries = 3000)
  void connection_onRandomPolicy_agreesWithNaiveReading(
      @ForAll("authorizations") List<Authorization> authorizations,
      @ForAll("clients") Client client) {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(SERVER, new InboundProtocol.Opaque(), authorizations));

    assertAgrees(evaluator.judgeConnection(client), authorizations, client);
  }

  @Property(tries = 3000)
  void request_onRandomRoutes_agreesWithNaiveReading(
      @ForAll("routes") List<InboundHttpRoute> routes,
      @ForAll("authorizations") List<Authorization> authorizations,
      @ForAll("clients") Client client,
      @ForAll("paths") String path) {
    var evaluator =
        InboundEvaluator.of(
            new InboundPolicy(
                SERVER, new InboundProtocol.Http1(new HttpRouting(routes, null)), authorizations));
    Decision decision = evaluator.judgeRequest(client, FakeRequest.get(path));

    InboundHttpRoute route = naiveRoute(routes, path);
    if (route == null && !routes.isEmpty()) {
      assertThat(decision).isInstanceOf(Decision.NoRoute.class);
      return;
    }
    List<Authorization> both =
        Stream.concat(
                route == null ? Stream.of() : route.authorizations().stream(),
                authorizations.stream())
            .toList();
    assertAgrees(decision, both, client);
  }

  @Property(tries = 1000)
  void admission_withOneAuthorizationMore_isNeverLost(
      @ForAll("authorizations") List<Authorization> authorizations,
      @ForAll("authorization") Authorization more,
      @ForAll("clients") Client client) {
    List<Authorization> extended = new ArrayList<>(authorizations);
    extended.add(more);

    if (judge(authorizations, client) instanceof Decision.Allowed) {
      assertThat(judge(extended, client)).isInstanceOf(Decision.Allowed.class);
    }
  }

  private static Decision judge(List<Authorization> authorizations, Client client) {
    return InboundEvaluator.of(new InboundPolicy(SERVER, new InboundProtocol.Tls(), authorizations))
        .judgeConnection(client);
  }

  private static void assertAgrees(
      Decision decision, List<Authorization> authorizations, Client client) {
    PolicyRef expected = null;
    for (Authorization authorization : authorizations) {
      if (expected == null && naiveAdmits(authorization, client)) {
        expected = authorization.ref();
      }
    }
    if (expected == null && List.of("127.0.0.1", "::1").contains(client.ip().toString())) {
      expected = PolicyRef.builtin("localhost");
    }
    switch (decision) {
      case Decision.Allowed allowed ->
          assertThat(allowed.permit().authorization()).isEqualTo(expected);
      case Decision.Denied denied -> {
        assertThat(expected).isNull();
        assertThat(denied.refusals())
            .extracting(Decision.Refusal::authorization)
            .containsExactlyElementsOf(
                Stream.concat(
                        authorizations.stream().map(Authorization::ref),
                        Stream.of(PolicyRef.builtin("localhost")))
                    .toList());
        assertThat(denied.reason()).contains(SERVER.display()).contains("cause: ");
      }
      case Decision.NoRoute _ -> throw new AssertionError("no route where there is one");
    }
  }

  private static boolean naiveAdmits(Authorization authorization, Client client) {
    boolean network =
        authorization.networks().stream()
            .anyMatch(
                n ->
                    n.cidr().contains(client.ip())
                        && n.except().stream().noneMatch(e -> e.contains(client.ip())));
    return network
        && switch (authorization.authentication()) {
          case Authentication.Unauthenticated _ -> true;
          case Authentication.TlsUnauthenticated _ -> !(client.tls() instanceof Client.Tls.None);
          case Authentication.Identities ids ->
              client.tls() instanceof Client.Tls.Identified(String name, boolean dns)
                  && (ids.exact().contains(name)
                      || (dns
                          && ids.suffixes().stream()
                              .anyMatch(
                                  s ->
                                      s.labels().isEmpty()
                                          || name.endsWith("." + String.join(".", s.labels())))));
        };
  }

  /** All matches are exact paths, so the first route that has one for the path wins. */
  private static @Nullable InboundHttpRoute naiveRoute(List<InboundHttpRoute> routes, String path) {
    for (InboundHttpRoute route : routes) {
      if (route.rules().stream()
          .anyMatch(rule -> rule.matches().contains(HttpRouteMatch.exact(path, null)))) {
        return route;
      }
    }
    return null;
  }

  @Provide
  Arbitrary<List<InboundHttpRoute>> routes() {
    Arbitrary<InboundHttpRoute.Rule> rule =
        Arbitraries.of("/a", "/b", "/c")
            .map(p -> HttpRouteMatch.exact(p, null))
            .list()
            .ofMinSize(1)
            .ofMaxSize(2)
            .map(matches -> new InboundHttpRoute.Rule(matches, List.of()));
    return Combinators.combine(
            Arbitraries.of("r1", "r2", "r3"), authorizations(), rule.list().ofMaxSize(2))
        .as(
            (name, authorizations, rules) ->
                new InboundHttpRoute(
                    PolicyRef.of("policy.linkerd.io", "HTTPRoute", "", name),
                    List.of(),
                    authorizations,
                    rules))
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("/a", "/b", "/c", "/d");
  }

  @Provide
  Arbitrary<List<Authorization>> authorizations() {
    return authorization().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<Authorization> authorization() {
    Arbitrary<Cidr> cidr =
        Arbitraries.of("0.0.0.0/0", "::/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.1.1", "fd00::/8")
            .map(Cidr::parse);
    Arbitrary<Network> network =
        Combinators.combine(cidr, cidr.list().ofMaxSize(1)).as(Network::new);
    Arbitrary<Authentication> identities =
        Arbitraries.of("*", "*.b", "*.a.b", "x.a.b", "x.b", "spiffe://b/x")
            .map(IdentityPattern::parse)
            .list()
            .ofMaxSize(3)
            .map(Authentication.Identities::of);
    return Combinators.combine(
            Arbitraries.integers().between(0, 99),
            network.list().ofMaxSize(2),
            Arbitraries.oneOf(
                Arbitraries.of(
                    new Authentication.Unauthenticated(), new Authentication.TlsUnauthenticated()),
                identities))
        .as(
            (number, networks, authentication) ->
                new Authorization(
                    PolicyRef.of("policy.linkerd.io", "authorizationpolicy", "", "a" + number),
                    networks,
                    authentication));
  }

  @Provide
  Arbitrary<Client> clients() {
    Arbitrary<Client.Tls> tls =
        Arbitraries.of(
            new Client.Tls.None(),
            new Client.Tls.Anonymous(),
            new Client.Tls.Identified("x.a.b", true),
            new Client.Tls.Identified("x.b", true),
            new Client.Tls.Identified("b", true),
            new Client.Tls.Identified("spiffe://b/x", false));
    return Combinators.combine(
            Arbitraries.of("10.1.1.1", "10.2.1.1", "192.168.1.1", "127.0.0.1", "::1", "fd00::1")
                .map(IpAddr::parse),
            tls)
        .as(Client::new);
  }
}
