package dev.weft.policyservice.wire;

import dev.weft.api.outbound.GrpcRoute;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.Distribution.RouteBackend;
import dev.weft.policy.outbound.Distribution.Weighted;
import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.OutboundGrpcRoute;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.HttpFilter;
import java.util.List;

/** Outbound gRPC routes. */
final class GrpcRoutes {
  /** {@code grpc-status} of what cannot be expressed: INTERNAL. */
  private static final int INTERNAL = 13;

  private GrpcRoutes() {}

  static GrpcRoute encode(OutboundGrpcRoute route) {
    GrpcRoute.Builder message =
        GrpcRoute.newBuilder()
            .setMetadata(Common.metadata(route.ref()))
            .addAllHosts(route.hosts().stream().map(Routes::host).toList());
    route.rules().forEach(rule -> message.addRules(rule(rule)));
    return message.build();
  }

  private static GrpcRoute.Rule rule(OutboundGrpcRoute.Rule rule) {
    GrpcRoute.Rule.Builder message =
        GrpcRoute.Rule.newBuilder()
            .addAllMatches(rule.matches().stream().map(Routes::match).toList())
            .addAllFilters(rule.filters().stream().map(GrpcRoutes::filter).toList())
            .setBackends(distribution(rule.distribution()))
            .setTimeouts(HttpRoutes.timeouts(rule.timeouts()))
            .setAllowL5DRequestHeaders(rule.allowRequestHeaders());
    if (rule.timeouts().request() != null) {
      message.setRequestTimeout(Common.duration(rule.timeouts().request()));
    }
    if (rule.retry() != null) {
      message.setRetry(retry(rule.retry()));
    }
    return message.build();
  }

  private static GrpcRoute.Retry retry(Retry<GrpcRetryOn> retry) {
    GrpcRoute.Retry.Conditions.Builder conditions = GrpcRoute.Retry.Conditions.newBuilder();
    for (GrpcRetryOn.Code code : retry.on().codes()) {
      switch (code) {
        case CANCELLED -> conditions.setCancelled(true);
        case DEADLINE_EXCEEDED -> conditions.setDeadineExceeded(true);
        case RESOURCE_EXHAUSTED -> conditions.setResourceExhausted(true);
        case INTERNAL -> conditions.setInternal(true);
        case UNAVAILABLE -> conditions.setUnavailable(true);
      }
    }
    GrpcRoute.Retry.Builder message =
        GrpcRoute.Retry.newBuilder()
            .setMaxRetries(retry.maxRetries())
            .setMaxRequestBytes(retry.maxRequestBytes())
            .setConditions(conditions);
    if (retry.timeout() != null) {
      message.setTimeout(Common.duration(retry.timeout()));
    }
    if (retry.backoff() != null) {
      message.setBackoff(Backends.backoff(retry.backoff()));
    }
    return message.build();
  }

  private static GrpcRoute.Distribution distribution(Distribution<GrpcFilter> distribution) {
    GrpcRoute.Distribution.Builder message = GrpcRoute.Distribution.newBuilder();
    switch (distribution) {
      case Distribution.Empty<GrpcFilter> _ ->
          message.setEmpty(GrpcRoute.Distribution.Empty.getDefaultInstance());
      case Distribution.FirstAvailable<GrpcFilter>(List<RouteBackend<GrpcFilter>> backends) ->
          backends.forEach(
              backend -> message.getFirstAvailableBuilder().addBackends(backend(backend)));
      case Distribution.Random<GrpcFilter>(List<Weighted<GrpcFilter>> backends) ->
          backends.forEach(
              backend -> message.getRandomAvailableBuilder().addBackends(weighted(backend)));
    }
    return message.build();
  }

  private static GrpcRoute.WeightedRouteBackend weighted(Weighted<GrpcFilter> weighted) {
    return GrpcRoute.WeightedRouteBackend.newBuilder()
        .setBackend(backend(weighted.backend()))
        .setWeight((int) weighted.weight())
        .build();
  }

  private static GrpcRoute.RouteBackend backend(RouteBackend<GrpcFilter> backend) {
    return GrpcRoute.RouteBackend.newBuilder()
        .setBackend(Backends.encode(backend.backend()))
        .addAllFilters(backend.filters().stream().map(GrpcRoutes::filter).toList())
        .build();
  }

  private static GrpcRoute.Filter filter(GrpcFilter filter) {
    GrpcRoute.Filter.Builder message = GrpcRoute.Filter.newBuilder();
    switch (filter) {
      case HttpFilter.RequestHeaders headers ->
          message.setRequestHeaderModifier(Routes.request(headers.modifier()));
      case GrpcFilter.Fail fail -> message.setFailureInjector(Routes.fail(fail));
      case HttpFilter.Unusable(String text) ->
          message.setFailureInjector(Routes.fail(new GrpcFilter.Fail(INTERNAL, text, null)));
    }
    return message.build();
  }
}
