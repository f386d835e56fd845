package dev.weft.proxy.control.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.httproute.PathMatch;
import dev.weft.api.inbound.Authn;
import dev.weft.api.inbound.Authz;
import dev.weft.api.inbound.HttpLocalRateLimit;
import dev.weft.api.inbound.HttpRoute;
import dev.weft.api.inbound.Identity;
import dev.weft.api.inbound.IdentitySuffix;
import dev.weft.api.inbound.Network;
import dev.weft.api.inbound.ProxyProtocol;
import dev.weft.api.inbound.Server;
import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPNetwork;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IdentityPattern;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InboundPoliciesTest {
  private static final PolicyRef SERVER = PolicyRef.of("policy.linkerd.io", "server", "", "web");

  @Test
  void decode_smallestMessage_isDetectWithoutAuthorizations() {
    InboundPolicy policy = InboundPolicies.decode(server().build());

    assertThat(policy.server()).isEqualTo(SERVER);
    assertThat(policy.authorizations()).isEmpty();
    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Detect.class,
            detect -> {
              assertThat(detect.timeout()).isEqualTo(java.time.Duration.ofSeconds(10));
              assertThat(detect.http().routes()).isEmpty();
            });
  }

  @Test
  void decode_authorization_hasNetworksAndIdentities() {
    Authn.PermitMeshTLS.PermitClientIdentities clients =
        Authn.PermitMeshTLS.PermitClientIdentities.newBuilder()
            .addIdentities(Identity.newBuilder().setName("a.example"))
            .addSuffixes(IdentitySuffix.newBuilder().addParts("b").addParts("example"))
            .build();
    InboundPolicy policy =
        InboundPolicies.decode(
            server()
                .addAuthorizations(
                    authz()
                        .setAuthentication(
                            Authn.newBuilder()
                                .setMeshTLS(
                                    Authn.PermitMeshTLS.newBuilder().setIdentities(clients))))
                .build());

    assertThat(policy.authorizations())
        .containsExactly(
            new Authorization(
                PolicyRef.of("policy.linkerd.io", "authorizationpolicy", "", "web-authz"),
                List.of(
                    new dev.weft.mesh.Network(
                        Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")))),
                new Authentication.Identities(
                    List.of("a.example"),
                    List.of(new IdentityPattern.Suffix(List.of("b", "example"))))));
  }

  @Test
  void decode_labelsInOldForm_areSplit() {
    Server old = server().clearLabels().putLabels("name", "server:web").build();

    assertThat(InboundPolicies.decode(old).server())
        .isEqualTo(PolicyRef.of("", "server", "", "web"));
  }

  @Test
  void decode_defaultServer_isBuiltIn() {
    Server builtIn =
        server()
            .clearLabels()
            .putLabels("kind", "default")
            .putLabels("name", "all-authenticated")
            .build();

    assertThat(InboundPolicies.decode(builtIn).server())
        .isEqualTo(PolicyRef.builtin("all-authenticated"));
  }

  @Test
  void decode_filterOfUnknownKind_failsItsRequestsOnly() {
    HttpRoute.Rule rule =
        HttpRoute.Rule.newBuilder().addFilters(HttpRoute.Filter.getDefaultInstance()).build();
    InboundPolicy policy = InboundPolicies.decode(http1(route().addRules(rule)));

    assertThat(policy.isInvalid()).isFalse();
    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Http1.class,
            http1 ->
                assertThat(http1.http().routes().getFirst().rules().getFirst().filters())
                    .singleElement()
                    .isInstanceOf(HttpFilter.Unusable.class));
  }

  @Test
  void decode_routeMatch_isRead() {
    HttpRoute.Rule rule =
        HttpRoute.Rule.newBuilder()
            .addMatches(
                dev.weft.api.httproute.HttpRouteMatch.newBuilder()
                    .setPath(PathMatch.newBuilder().setPrefix("/api")))
            .build();
    InboundPolicy policy = InboundPolicies.decode(http1(route().addRules(rule)));

    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Http1.class,
            http1 ->
                assertThat(http1.http().routes().getFirst().rules().getFirst().matches())
                    .containsExactly(HttpRouteMatch.prefix("/api")));
  }

  @Test
  void decode_rateLimit_ignoresOverridesWithoutLimit() {
    HttpLocalRateLimit.Override useless =
        HttpLocalRateLimit.Override.newBuilder()
            .setClients(
                HttpLocalRateLimit.Override.ClientIdentities.newBuilder()
                    .addIdentities(Identity.newBuilder().setName("a")))
            .build();
    HttpLocalRateLimit limit =
        HttpLocalRateLimit.newBuilder()
            .setMetadata(Metadata.newBuilder().setDefault("limit"))
            .setTotal(HttpLocalRateLimit.Limit.newBuilder().setRequestsPerSecond(-1))
            .addOverrides(useless)
            .build();
    InboundPolicy policy =
        InboundPolicies.decode(
            server()
                .setProtocol(
                    ProxyProtocol.newBuilder()
                        .setHttp2(ProxyProtocol.Http2.newBuilder().setLocalRateLimit(limit)))
                .build());

    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            InboundProtocol.Http2.class,
            http2 ->
                assertThat(http2.http().rateLimit())
                    .isEqualTo(
                        new RateLimit(PolicyRef.builtin("limit"), 0xffff_ffffL, 0, List.of())));
  }

  /** A message with one unusable part. */
  record Bad(String what, Consumer<Server.Builder> spoil) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Bad> badParts() {
    return Stream.of(
        new Bad("no name", Server.Builder::clearLabels),
        new Bad("no protocol", Server.Builder::clearProtocol),
        new Bad(
            "detect without timeout",
            s -> s.getProtocolBuilder().getDetectBuilder().clearTimeout()),
        new Bad(
            "negative timeout",
            s ->
                s.getProtocolBuilder()
                    .getDetectBuilder()
                    .setTimeout(Duration.newBuilder().setSeconds(-1))),
        new Bad(
            "authorization without networks", s -> s.addAuthorizations(authz().clearNetworks())),
        new Bad(
            "authorization without authentication",
            s -> s.addAuthorizations(authz().clearAuthentication())),
        new Bad(
            "mesh TLS without clients",
            s ->
                s.addAuthorizations(
                    authz()
                        .setAuthentication(
                            Authn.newBuilder()
                                .setMeshTLS(Authn.PermitMeshTLS.getDefaultInstance())))),
        new Bad(
            "prefix length",
            s ->
                s.addAuthorizations(
                    authz().addNetworks(Network.newBuilder().setNet(network(0x0a000000, 33))))),
        new Bad(
            "route without metadata",
            s -> s.setProtocol(http1(route().clearMetadata()).getProtocol())),
        new Bad(
            "header name",
            s ->
                s.setProtocol(
                    http1(
                            route()
                                .addRules(
                                    HttpRoute.Rule.newBuilder()
                                        .addMatches(
                                            dev.weft.api.httproute.HttpRouteMatch.newBuilder()
                                                .addHeaders(
                                                    dev.weft.api.httproute.HeaderMatch.newBuilder()
                                                        .setName("a b")
                                                        .setRegex("x")))))
                        .getProtocol())));
  }

  @ParameterizedTest
  @MethodSource("badParts")
  void decode_oneUnusablePart_makesTheWholeInvalid(Bad bad) {
    Server.Builder message = server();
    bad.spoil.accept(message);

    assertThat(InboundPolicies.decode(message.build()).isInvalid()).isTrue();
  }

  private static Server.Builder server() {
    return Server.newBuilder()
        .setProtocol(
            ProxyProtocol.newBuilder()
                .setDetect(
                    ProxyProtocol.Detect.newBuilder()
                        .setTimeout(Duration.newBuilder().setSeconds(10))))
        .putLabels("group", "policy.linkerd.io")
        .putLabels("kind", "server")
        .putLabels("name", "web");
  }

  private static Server http1(HttpRoute.Builder route) {
    return server()
        .setProtocol(
            ProxyProtocol.newBuilder().setHttp1(ProxyProtocol.Http1.newBuilder().addRoutes(route)))
        .build();
  }

  private static HttpRoute.Builder route() {
    return HttpRoute.newBuilder()
        .setMetadata(
            Metadata.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .setGroup("policy.linkerd.io")
                        .setKind("HTTPRoute")
                        .setName("r")));
  }

  private static Authz.Builder authz() {
    return Authz.newBuilder()
        .setMetadata(
            Metadata.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .setGroup("policy.linkerd.io")
                        .setKind("authorizationpolicy")
                        .setName("web-authz")))
        .addNetworks(
            Network.newBuilder().setNet(network(0x0a000000, 8)).addExcept(network(0x0a010000, 16)))
        .setAuthentication(
            Authn.newBuilder()
                .setUnauthenticated(Authn.PermitUnauthenticated.getDefaultInstance()));
  }

  private static IPNetwork network(int bits, int length) {
    return IPNetwork.newBuilder()
        .setIp(IPAddress.newBuilder().setIpv4(bits))
        .setPrefixLen(length)
        .build();
  }
}
