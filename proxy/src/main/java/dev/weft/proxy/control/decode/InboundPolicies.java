package dev.weft.proxy.control.decode;

import dev.weft.api.inbound.Authn;
import dev.weft.api.inbound.Authz;
import dev.weft.api.inbound.GrpcRoute;
import dev.weft.api.inbound.HttpLocalRateLimit;
import dev.weft.api.inbound.HttpRoute;
import dev.weft.api.inbound.Identity;
import dev.weft.api.inbound.ProxyProtocol;
import dev.weft.api.inbound.Server;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.Network;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decodes {@code inbound.Server}. Source: facts/proxy-api.md 11, 14.4, 14.5. */
public final class InboundPolicies {
  private InboundPolicies() {}

  /** The policy; {@link InboundPolicy#invalid} with the cause if any part cannot be understood. */
  public static InboundPolicy decode(Server server) {
    try {
      return new InboundPolicy(
          ref(server.getLabelsMap()),
          protocol(server.getProtocol()),
          authorizations(server.getAuthorizationsList()));
    } catch (InvalidPolicyException e) {
      return InboundPolicy.invalid(e.getMessage());
    }
  }

  private static InboundProtocol protocol(ProxyProtocol protocol) {
    return switch (protocol.getKindCase()) {
      case DETECT -> detect(protocol.getDetect());
      case OPAQUE -> new InboundProtocol.Opaque();
      case TLS -> new InboundProtocol.Tls();
      case HTTP1 -> {
        ProxyProtocol.Http1 http1 = protocol.getHttp1();
        yield new InboundProtocol.Http1(
            routing(http1.getRoutesList(), http1.hasLocalRateLimit(), http1.getLocalRateLimit()));
      }
      case HTTP2 -> {
        ProxyProtocol.Http2 http2 = protocol.getHttp2();
        yield new InboundProtocol.Http2(
            routing(http2.getRoutesList(), http2.hasLocalRateLimit(), http2.getLocalRateLimit()));
      }
      case GRPC ->
          new InboundProtocol.Grpc(
              Routes.each(protocol.getGrpc().getRoutesList(), InboundPolicies::grpcRoute));
      case KIND_NOT_SET -> throw Values.missing("protocol of the port");
    };
  }

  private static InboundProtocol.Detect detect(ProxyProtocol.Detect detect) {
    return new InboundProtocol.Detect(
        Values.required("detect timeout", detect.hasTimeout(), detect.getTimeout()),
        routing(
            detect.getHttpRoutesList(),
            detect.hasHttpLocalRateLimit(),
            detect.getHttpLocalRateLimit()));
  }

  private static HttpRouting routing(
      List<HttpRoute> routes, boolean limited, HttpLocalRateLimit limit) {
    return new HttpRouting(
        Routes.each(routes, InboundPolicies::httpRoute), limited ? rateLimit(limit) : null);
  }

  private static InboundHttpRoute httpRoute(HttpRoute route) {
    return new InboundHttpRoute(
        Values.inboundRef(route.getMetadata()),
        Routes.each(route.getHostsList(), Routes::host),
        authorizations(route.getAuthorizationsList()),
        Routes.each(
            route.getRulesList(),
            rule ->
                new InboundHttpRoute.Rule(
                    Routes.each(rule.getMatchesList(), Routes::http),
                    Routes.each(rule.getFiltersList(), InboundPolicies::filter))));
  }

  private static HttpFilter filter(HttpRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case FAILURE_INJECTOR -> Routes.fail(filter.getFailureInjector());
      case REQUEST_HEADER_MODIFIER ->
          new HttpFilter.RequestHeaders(Routes.modifier(filter.getRequestHeaderModifier()));
      case REDIRECT -> Routes.redirect(filter.getRedirect());
      case KIND_NOT_SET -> new HttpFilter.Unusable("filter of an unknown kind");
    };
  }

  private static InboundGrpcRoute grpcRoute(GrpcRoute route) {
    return new InboundGrpcRoute(
        Values.inboundRef(route.getMetadata()),
        Routes.each(route.getHostsList(), Routes::host),
        authorizations(route.getAuthorizationsList()),
        Routes.each(
            route.getRulesList(),
            rule ->
                new InboundGrpcRoute.Rule(
                    Routes.each(rule.getMatchesList(), Routes::grpc),
                    Routes.each(rule.getFiltersList(), InboundPolicies::filter))));
  }

  private static GrpcFilter filter(GrpcRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case FAILURE_INJECTOR -> Routes.fail(filter.getFailureInjector());
      case REQUEST_HEADER_MODIFIER ->
          new HttpFilter.RequestHeaders(Routes.modifier(filter.getRequestHeaderModifier()));
      case KIND_NOT_SET -> new HttpFilter.Unusable("filter of an unknown kind");
    };
  }

  private static List<Authorization> authorizations(List<Authz> authorizations) {
    return Routes.each(authorizations, InboundPolicies::authorization);
  }

  private static Authorization authorization(Authz authz) {
    PolicyRef ref =
        authz.hasMetadata() ? Values.inboundRef(authz.getMetadata()) : ref(authz.getLabelsMap());
    if (authz.getNetworksList().isEmpty()) {
      throw new InvalidPolicyException("authorization " + ref.display() + " has no networks");
    }
    List<Network> networks =
        Routes.each(
            authz.getNetworksList(),
            network ->
                new Network(
                    Values.cidr(network.getNet()),
                    Routes.each(network.getExceptList(), Values::cidr)));
    return new Authorization(ref, networks, authentication(authz.getAuthentication()));
  }

  private static Authentication authentication(Authn authn) {
    return switch (authn.getPermitCase()) {
      case UNAUTHENTICATED -> new Authentication.Unauthenticated();
      case MESHTLS ->
          switch (authn.getMeshTLS().getClientsCase()) {
            case UNAUTHENTICATED -> new Authentication.TlsUnauthenticated();
            case IDENTITIES ->
                new Authentication.Identities(
                    Routes.each(
                        authn.getMeshTLS().getIdentities().getIdentitiesList(), Identity::getName),
                    Routes.each(
                        authn.getMeshTLS().getIdentities().getSuffixesList(),
                        suffix -> new IdentityPattern.Suffix(suffix.getPartsList())));
            case CLIENTS_NOT_SET -> throw Values.missing("clients of a mesh TLS authentication");
          };
      case PERMIT_NOT_SET -> throw Values.missing("authentication");
    };
  }

  private static RateLimit rateLimit(HttpLocalRateLimit limit) {
    return new RateLimit(
        Values.inboundRef(limit.getMetadata()),
        perSecond(limit.hasTotal() ? limit.getTotal() : null),
        perSecond(limit.hasIdentity() ? limit.getIdentity() : null),
        limit.getOverridesList().stream()
            .filter(o -> o.hasLimit() && o.getLimit().getRequestsPerSecond() != 0)
            .map(
                o ->
                    new RateLimit.Override(
                        perSecond(o.getLimit()),
                        Routes.each(o.getClients().getIdentitiesList(), Identity::getName)))
            .toList());
  }

  private static long perSecond(HttpLocalRateLimit.@Nullable Limit limit) {
    return limit == null ? 0 : Integer.toUnsignedLong(limit.getRequestsPerSecond());
  }

  /** The old form of a reference; without a kind the name is {@code kind:name}. */
  private static PolicyRef ref(Map<String, String> labels) {
    String name = labels.getOrDefault("name", "");
    if (name.isEmpty()) {
      throw Values.missing("label 'name'");
    }
    String kind = Optional.ofNullable(labels.get("kind")).orElse("");
    String group = labels.getOrDefault("group", "");
    if (kind.isEmpty()) {
      int colon = name.indexOf(':');
      kind = colon < 0 ? "default" : name.substring(0, colon);
      name = name.substring(colon + 1);
    }
    return kind.equals("default") ? PolicyRef.builtin(name) : PolicyRef.of(group, kind, "", name);
  }
}
