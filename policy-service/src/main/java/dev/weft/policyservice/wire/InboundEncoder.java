package dev.weft.policyservice.wire;

import dev.weft.api.inbound.Authn;
import dev.weft.api.inbound.Authz;
import dev.weft.api.inbound.GrpcRoute;
import dev.weft.api.inbound.HttpLocalRateLimit;
import dev.weft.api.inbound.HttpRoute;
import dev.weft.api.inbound.Identity;
import dev.weft.api.inbound.IdentitySuffix;
import dev.weft.api.inbound.Network;
import dev.weft.api.inbound.ProxyProtocol;
import dev.weft.api.inbound.Server;
import dev.weft.mesh.IdentityPattern;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundGrpcRoute;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.HttpFilter;
import java.util.List;

/** Inbound policies on the wire. Source: facts/proxy-api.md 11. */
public final class InboundEncoder {
  private InboundEncoder() {}

  /** The message for a policy; {@code server_ips} is never filled. */
  public static Server encode(InboundPolicy policy) {
    return Server.newBuilder()
        .setProtocol(protocol(policy.protocol()))
        .addAllAuthorizations(authorizations(policy.authorizations()))
        .putAllLabels(Common.labels(policy.server()))
        .build();
  }

  private static ProxyProtocol protocol(InboundProtocol protocol) {
    ProxyProtocol.Builder message = ProxyProtocol.newBuilder();
    switch (protocol) {
      case InboundProtocol.Detect(java.time.Duration timeout, HttpRouting http) -> {
        ProxyProtocol.Detect.Builder detect =
            ProxyProtocol.Detect.newBuilder()
                .setTimeout(Common.duration(timeout))
                .addAllHttpRoutes(http(http));
        if (http.rateLimit() != null) {
          detect.setHttpLocalRateLimit(rateLimit(http.rateLimit()));
        }
        message.setDetect(detect);
      }
      case InboundProtocol.Http1(HttpRouting http) -> {
        ProxyProtocol.Http1.Builder http1 =
            ProxyProtocol.Http1.newBuilder().addAllRoutes(http(http));
        if (http.rateLimit() != null) {
          http1.setLocalRateLimit(rateLimit(http.rateLimit()));
        }
        message.setHttp1(http1);
      }
      case InboundProtocol.Http2(HttpRouting http) -> {
        ProxyProtocol.Http2.Builder http2 =
            ProxyProtocol.Http2.newBuilder().addAllRoutes(http(http));
        if (http.rateLimit() != null) {
          http2.setLocalRateLimit(rateLimit(http.rateLimit()));
        }
        message.setHttp2(http2);
      }
      case InboundProtocol.Grpc(List<InboundGrpcRoute> routes) ->
          message.setGrpc(
              ProxyProtocol.Grpc.newBuilder()
                  .addAllRoutes(routes.stream().map(InboundEncoder::grpcRoute).toList()));
      case InboundProtocol.Opaque _ -> message.setOpaque(ProxyProtocol.Opaque.getDefaultInstance());
      case InboundProtocol.Tls _ -> message.setTls(ProxyProtocol.Tls.getDefaultInstance());
    }
    return message.build();
  }

  private static List<HttpRoute> http(HttpRouting routing) {
    return routing.routes().stream().map(InboundEncoder::httpRoute).toList();
  }

  private static HttpRoute httpRoute(InboundHttpRoute route) {
    HttpRoute.Builder message =
        HttpRoute.newBuilder()
            .setMetadata(Common.metadata(route.ref()))
            .addAllHosts(route.hosts().stream().map(Routes::host).toList())
            .addAllAuthorizations(authorizations(route.authorizations()));
    for (InboundHttpRoute.Rule rule : route.rules()) {
      message.addRules(
          HttpRoute.Rule.newBuilder()
              .addAllMatches(rule.matches().stream().map(Routes::match).toList())
              .addAllFilters(rule.filters().stream().map(InboundEncoder::httpFilter).toList()));
    }
    return message.build();
  }

  private static HttpRoute.Filter httpFilter(HttpFilter filter) {
    HttpRoute.Filter.Builder message = HttpRoute.Filter.newBuilder();
    switch (filter) {
      case HttpFilter.RequestHeaders headers ->
          message.setRequestHeaderModifier(Routes.request(headers.modifier()));
      case HttpFilter.Redirect redirect -> message.setRedirect(Routes.redirect(redirect));
      case HttpFilter.Fail fail -> message.setFailureInjector(Routes.fail(fail));
      case HttpFilter.ResponseHeaders _, HttpFilter.Unusable _ -> {
        // Without kind: the proxy fails requests on the rule, which is what cannot be expressed.
      }
    }
    return message.build();
  }

  private static GrpcRoute grpcRoute(InboundGrpcRoute route) {
    GrpcRoute.Builder message =
        GrpcRoute.newBuilder()
            .setMetadata(Common.metadata(route.ref()))
            .addAllHosts(route.hosts().stream().map(Routes::host).toList())
            .addAllAuthorizations(authorizations(route.authorizations()));
    for (InboundGrpcRoute.Rule rule : route.rules()) {
      message.addRules(
          GrpcRoute.Rule.newBuilder()
              .addAllMatches(rule.matches().stream().map(Routes::match).toList())
              .addAllFilters(rule.filters().stream().map(InboundEncoder::grpcFilter).toList()));
    }
    return message.build();
  }

  private static GrpcRoute.Filter grpcFilter(GrpcFilter filter) {
    GrpcRoute.Filter.Builder message = GrpcRoute.Filter.newBuilder();
    switch (filter) {
      case HttpFilter.RequestHeaders headers ->
          message.setRequestHeaderModifier(Routes.request(headers.modifier()));
      case GrpcFilter.Fail fail -> message.setFailureInjector(Routes.fail(fail));
      case HttpFilter.Unusable _ -> {
        // Without kind: the proxy fails calls on the rule.
      }
    }
    return message.build();
  }

  private static List<Authz> authorizations(List<Authorization> authorizations) {
    return authorizations.stream().map(InboundEncoder::authorization).toList();
  }

  private static Authz authorization(Authorization authorization) {
    Authz.Builder message =
        Authz.newBuilder()
            .setAuthentication(authentication(authorization.authentication()))
            .putAllLabels(Common.labels(authorization.ref()))
            .setMetadata(Common.metadata(authorization.ref()));
    for (dev.weft.mesh.Network network : authorization.networks()) {
      message.addNetworks(
          Network.newBuilder()
              .setNet(Common.network(network.cidr()))
              .addAllExcept(network.except().stream().map(Common::network).toList()));
    }
    return message.build();
  }

  private static Authn authentication(Authentication authentication) {
    return switch (authentication) {
      case Authentication.Unauthenticated _ ->
          Authn.newBuilder()
              .setUnauthenticated(Authn.PermitUnauthenticated.getDefaultInstance())
              .build();
      case Authentication.TlsUnauthenticated _ ->
          Authn.newBuilder()
              .setMeshTLS(
                  Authn.PermitMeshTLS.newBuilder()
                      .setUnauthenticated(Authn.PermitUnauthenticated.getDefaultInstance()))
              .build();
      case Authentication.Identities(List<String> exact, List<IdentityPattern.Suffix> suffixes) -> {
        Authn.PermitMeshTLS.PermitClientIdentities.Builder clients =
            Authn.PermitMeshTLS.PermitClientIdentities.newBuilder();
        exact.forEach(name -> clients.addIdentities(Identity.newBuilder().setName(name)));
        suffixes.forEach(
            suffix ->
                clients.addSuffixes(IdentitySuffix.newBuilder().addAllParts(suffix.labels())));
        yield Authn.newBuilder()
            .setMeshTLS(Authn.PermitMeshTLS.newBuilder().setIdentities(clients))
            .build();
      }
    };
  }

  private static HttpLocalRateLimit rateLimit(RateLimit limit) {
    HttpLocalRateLimit.Builder message =
        HttpLocalRateLimit.newBuilder().setMetadata(Common.metadata(limit.ref()));
    if (limit.total() != 0) {
      message.setTotal(limit(limit.total()));
    }
    if (limit.identity() != 0) {
      message.setIdentity(limit(limit.identity()));
    }
    for (RateLimit.Override override : limit.overrides()) {
      HttpLocalRateLimit.Override.ClientIdentities.Builder clients =
          HttpLocalRateLimit.Override.ClientIdentities.newBuilder();
      override
          .identities()
          .forEach(name -> clients.addIdentities(Identity.newBuilder().setName(name)));
      message.addOverrides(
          HttpLocalRateLimit.Override.newBuilder()
              .setLimit(limit(override.requestsPerSecond()))
              .setClients(clients));
    }
    return message.build();
  }

  /** An unsigned 32-bit number travels as the int of the same bits. */
  private static HttpLocalRateLimit.Limit limit(long requestsPerSecond) {
    return HttpLocalRateLimit.Limit.newBuilder()
        .setRequestsPerSecond((int) requestsPerSecond)
        .build();
  }
}
