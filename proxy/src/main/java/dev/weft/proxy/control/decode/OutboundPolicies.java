package dev.weft.proxy.control.decode;

import dev.weft.api.httproute.Timeouts;
import dev.weft.api.outbound.GrpcRoute;
import dev.weft.api.outbound.HttpRoute;
import dev.weft.api.outbound.OpaqueRoute;
import dev.weft.api.outbound.ProxyProtocol;
import dev.weft.api.outbound.TlsRoute;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.OutboundGrpcRoute;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.OutboundTlsRoute;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HostMatch;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.RouteTable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes {@code outbound.OutboundPolicy}. Source: facts/proxy-api.md 12, 14.5, 18.8. */
public final class OutboundPolicies {
  private static final int MAX_RETRIES = 65_535;

  private OutboundPolicies() {}

  /** The policy; the one of {@link #invalid} if any part cannot be understood. */
  public static OutboundPolicy decode(dev.weft.api.outbound.OutboundPolicy policy) {
    try {
      return new OutboundPolicy(
          Values.outboundRef(policy.getMetadata()), protocol(policy.getProtocol()));
    } catch (InvalidPolicyException e) {
      return invalid(e.getMessage());
    }
  }

  /** What stands for a policy nobody understands: requests fail with 500, bytes are refused. */
  public static OutboundPolicy invalid(String cause) {
    PolicyRef ref = PolicyRef.builtin("invalid");
    var rule =
        new OutboundHttpRoute.Rule(
            List.of(HttpRouteMatch.ANY),
            List.of(new HttpFilter.Unusable(cause)),
            new Distribution.Empty<>(),
            dev.weft.policy.outbound.Timeouts.NONE,
            null,
            false);
    List<OutboundHttpRoute> http = List.of(new OutboundHttpRoute(ref, List.of(), List.of(rule)));
    var opaque =
        new OutboundOpaqueRoute(
            ref, List.of(new TcpFilter.Invalid(cause)), new Distribution.Empty<>());
    return new OutboundPolicy(
        ref,
        new OutboundProtocol.Detect(
            OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
            new OutboundProtocol.Opaque(opaque),
            new OutboundProtocol.Http1(http, null),
            new OutboundProtocol.Http2(http, null)));
  }

  private static OutboundProtocol protocol(ProxyProtocol protocol) {
    return switch (protocol.getKindCase()) {
      case DETECT -> detect(protocol.getDetect());
      case OPAQUE -> opaque(protocol.getOpaque());
      case HTTP1 -> http1(protocol.getHttp1());
      case HTTP2 -> http2(protocol.getHttp2());
      case GRPC -> grpc(protocol.getGrpc());
      case TLS ->
          new OutboundProtocol.Tls(
              Routes.each(protocol.getTls().getRoutesList(), OutboundPolicies::tlsRoute));
      case KIND_NOT_SET -> throw Values.missing("protocol of the target");
    };
  }

  private static OutboundProtocol.Detect detect(ProxyProtocol.Detect detect) {
    if (!detect.hasOpaque() || !detect.hasHttp1() || !detect.hasHttp2()) {
      throw Values.missing("a part of the detect protocol");
    }
    return new OutboundProtocol.Detect(
        Values.required("detect timeout", detect.hasTimeout(), detect.getTimeout()),
        opaque(detect.getOpaque()),
        http1(detect.getHttp1()),
        http2(detect.getHttp2()));
  }

  private static OutboundProtocol.Opaque opaque(ProxyProtocol.Opaque opaque) {
    if (opaque.getRoutesCount() > 1) {
      throw new InvalidPolicyException(opaque.getRoutesCount() + " opaque routes, one is allowed");
    }
    return new OutboundProtocol.Opaque(
        opaque.getRoutesCount() == 0 ? null : opaqueRoute(opaque.getRoutes(0)));
  }

  private static OutboundProtocol.Http1 http1(ProxyProtocol.Http1 http1) {
    return new OutboundProtocol.Http1(
        httpRoutes(http1.getRoutesList()),
        accrual(http1.hasFailureAccrual(), http1.getFailureAccrual()));
  }

  private static OutboundProtocol.Http2 http2(ProxyProtocol.Http2 http2) {
    return new OutboundProtocol.Http2(
        httpRoutes(http2.getRoutesList()),
        accrual(http2.hasFailureAccrual(), http2.getFailureAccrual()));
  }

  private static OutboundProtocol.Grpc grpc(ProxyProtocol.Grpc grpc) {
    List<OutboundGrpcRoute> routes = Routes.each(grpc.getRoutesList(), OutboundPolicies::grpcRoute);
    RouteTable.Builder<Boolean> trial = RouteTable.builder();
    for (OutboundGrpcRoute route : routes) {
      for (OutboundGrpcRoute.Rule rule : route.rules()) {
        List<GrpcRouteMatch> matches = rule.matches();
        trial.grpc(route.hosts(), matches, true);
      }
    }
    return new OutboundProtocol.Grpc(
        routes, accrual(grpc.hasFailureAccrual(), grpc.getFailureAccrual()));
  }

  private static @Nullable FailureAccrual accrual(
      boolean present, dev.weft.api.outbound.FailureAccrual accrual) {
    return present ? Backends.accrual(accrual) : null;
  }

  /** Decodes routes, and compiles them once so that a bad expression is found here. */
  private static List<OutboundHttpRoute> httpRoutes(List<HttpRoute> messages) {
    List<OutboundHttpRoute> routes = Routes.each(messages, OutboundPolicies::httpRoute);
    RouteTable.Builder<Boolean> trial = RouteTable.builder();
    for (OutboundHttpRoute route : routes) {
      for (OutboundHttpRoute.Rule rule : route.rules()) {
        trial.http(route.hosts(), rule.matches(), true);
      }
    }
    return routes;
  }

  private static OutboundHttpRoute httpRoute(HttpRoute route) {
    List<HostMatch> hosts = Routes.each(route.getHostsList(), Routes::host);
    return new OutboundHttpRoute(
        Values.outboundRef(route.getMetadata()),
        hosts,
        Routes.each(route.getRulesList(), OutboundPolicies::httpRule));
  }

  private static OutboundHttpRoute.Rule httpRule(HttpRoute.Rule rule) {
    return new OutboundHttpRoute.Rule(
        Routes.each(rule.getMatchesList(), Routes::http),
        Routes.each(rule.getFiltersList(), Distributions::filter),
        Distributions.http(rule.getBackends()),
        timeouts(
            rule.getTimeouts(),
            Values.duration(rule.hasRequestTimeout(), rule.getRequestTimeout())),
        rule.hasRetry() ? retry(rule.getRetry()) : null,
        rule.getAllowL5DRequestHeaders());
  }

  private static OutboundGrpcRoute grpcRoute(GrpcRoute route) {
    return new OutboundGrpcRoute(
        Values.outboundRef(route.getMetadata()),
        Routes.each(route.getHostsList(), Routes::host),
        Routes.each(route.getRulesList(), OutboundPolicies::grpcRule));
  }

  private static OutboundGrpcRoute.Rule grpcRule(GrpcRoute.Rule rule) {
    return new OutboundGrpcRoute.Rule(
        Routes.each(rule.getMatchesList(), Routes::grpc),
        Routes.each(rule.getFiltersList(), Distributions::filter),
        Distributions.grpc(rule.getBackends()),
        timeouts(
            rule.getTimeouts(),
            Values.duration(rule.hasRequestTimeout(), rule.getRequestTimeout())),
        rule.hasRetry() ? retry(rule.getRetry()) : null,
        rule.getAllowL5DRequestHeaders());
  }

  /** The old total timeout counts only where the new one is not set. */
  private static dev.weft.policy.outbound.Timeouts timeouts(
      Timeouts timeouts, @Nullable Duration legacy) {
    Duration request = Values.duration(timeouts.hasRequest(), timeouts.getRequest());
    return new dev.weft.policy.outbound.Timeouts(
        request == null ? legacy : request,
        Values.duration(timeouts.hasResponse(), timeouts.getResponse()),
        Values.duration(timeouts.hasIdle(), timeouts.getIdle()));
  }

  private static Retry<HttpRetryOn> retry(HttpRoute.Retry retry) {
    if (!retry.hasConditions()) {
      throw Values.missing("retry conditions");
    }
    List<HttpRetryOn.StatusRange> ranges =
        Routes.each(
            retry.getConditions().getStatusRangesList(),
            range -> {
              try {
                return new HttpRetryOn.StatusRange(range.getStart(), range.getEnd());
              } catch (IllegalArgumentException e) {
                throw new InvalidPolicyException(e.getMessage(), e);
              }
            });
    return new Retry<>(
        retries(retry.getMaxRetries()),
        Backends.bounded(retry.getMaxRequestBytes()),
        new HttpRetryOn(ranges),
        Values.duration(retry.hasTimeout(), retry.getTimeout()),
        retry.hasBackoff() ? Backends.backoff(true, retry.getBackoff()) : null);
  }

  private static Retry<GrpcRetryOn> retry(GrpcRoute.Retry retry) {
    if (!retry.hasConditions()) {
      throw Values.missing("retry conditions");
    }
    GrpcRoute.Retry.Conditions on = retry.getConditions();
    Set<GrpcRetryOn.Code> codes = EnumSet.noneOf(GrpcRetryOn.Code.class);
    add(codes, on.getCancelled(), GrpcRetryOn.Code.CANCELLED);
    add(codes, on.getDeadineExceeded(), GrpcRetryOn.Code.DEADLINE_EXCEEDED);
    add(codes, on.getResourceExhausted(), GrpcRetryOn.Code.RESOURCE_EXHAUSTED);
    add(codes, on.getInternal(), GrpcRetryOn.Code.INTERNAL);
    add(codes, on.getUnavailable(), GrpcRetryOn.Code.UNAVAILABLE);
    return new Retry<>(
        retries(retry.getMaxRetries()),
        Backends.bounded(retry.getMaxRequestBytes()),
        new GrpcRetryOn(codes),
        Values.duration(retry.hasTimeout(), retry.getTimeout()),
        retry.hasBackoff() ? Backends.backoff(true, retry.getBackoff()) : null);
  }

  private static void add(Set<GrpcRetryOn.Code> codes, boolean on, GrpcRetryOn.Code code) {
    if (on) {
      codes.add(code);
    }
  }

  private static int retries(int unsigned) {
    return Math.min(MAX_RETRIES, Backends.bounded(unsigned));
  }

  private static OutboundOpaqueRoute opaqueRoute(OpaqueRoute route) {
    if (route.getRulesCount() != 1) {
      throw new InvalidPolicyException(
          "opaque route with " + route.getRulesCount() + " rules, one is required");
    }
    OpaqueRoute.Rule rule = route.getRules(0);
    return new OutboundOpaqueRoute(
        Values.outboundRef(route.getMetadata()),
        Routes.each(rule.getFiltersList(), Distributions::filter),
        Distributions.opaque(rule.getBackends()));
  }

  private static OutboundTlsRoute tlsRoute(TlsRoute route) {
    if (route.getRulesCount() != 1) {
      throw new InvalidPolicyException(
          "TLS route with " + route.getRulesCount() + " rules, one is required");
    }
    TlsRoute.Rule rule = route.getRules(0);
    return new OutboundTlsRoute(
        Values.outboundRef(route.getMetadata()),
        Routes.each(route.getSnisList(), Routes::serverName),
        Routes.each(rule.getFiltersList(), Distributions::filter),
        Distributions.tls(rule.getBackends()));
  }
}
