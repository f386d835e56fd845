package dev.weft.policyservice.wire;

import dev.weft.api.httproute.Timeouts;
import dev.weft.api.outbound.HttpRoute;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.Distribution.RouteBackend;
import dev.weft.policy.outbound.Distribution.Weighted;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.route.HttpFilter;
import java.util.List;

/** Outbound HTTP routes. */
final class HttpRoutes {
  private HttpRoutes() {}

  static HttpRoute encode(OutboundHttpRoute route) {
    HttpRoute.Builder message =
        HttpRoute.newBuilder()
            .setMetadata(Common.metadata(route.ref()))
            .addAllHosts(route.hosts().stream().map(Routes::host).toList());
    route.rules().forEach(rule -> message.addRules(rule(rule)));
    return message.build();
  }

  private static HttpRoute.Rule rule(OutboundHttpRoute.Rule rule) {
    HttpRoute.Rule.Builder message =
        HttpRoute.Rule.newBuilder()
            .addAllMatches(rule.matches().stream().map(Routes::match).toList())
            .addAllFilters(rule.filters().stream().map(HttpRoutes::filter).toList())
            .setBackends(distribution(rule.distribution()))
            .setTimeouts(timeouts(rule.timeouts()))
            .setAllowL5DRequestHeaders(rule.allowRequestHeaders());
    if (rule.timeouts().request() != null) {
      message.setRequestTimeout(Common.duration(rule.timeouts().request()));
    }
    if (rule.retry() != null) {
      message.setRetry(retry(rule.retry()));
    }
    return message.build();
  }

  static Timeouts timeouts(dev.weft.policy.outbound.Timeouts timeouts) {
    Timeouts.Builder message = Timeouts.newBuilder();
    if (timeouts.request() != null) {
      message.setRequest(Common.duration(timeouts.request()));
    }
    if (timeouts.response() != null) {
      message.setResponse(Common.duration(timeouts.response()));
    }
    if (timeouts.idle() != null) {
      message.setIdle(Common.duration(timeouts.idle()));
    }
    return message.build();
  }

  private static HttpRoute.Retry retry(Retry<HttpRetryOn> retry) {
    HttpRoute.Retry.Conditions.Builder conditions = HttpRoute.Retry.Conditions.newBuilder();
    retry
        .on()
        .statuses()
        .forEach(
            range ->
                conditions.addStatusRanges(
                    HttpRoute.Retry.Conditions.StatusRange.newBuilder()
                        .setStart(range.first())
                        .setEnd(range.last())));
    HttpRoute.Retry.Builder message =
        HttpRoute.Retry.newBuilder()
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

  private static HttpRoute.Distribution distribution(Distribution<HttpFilter> distribution) {
    HttpRoute.Distribution.Builder message = HttpRoute.Distribution.newBuilder();
    switch (distribution) {
      case Distribution.Empty<HttpFilter> _ ->
          message.setEmpty(HttpRoute.Distribution.Empty.getDefaultInstance());
      case Distribution.FirstAvailable<HttpFilter>(List<RouteBackend<HttpFilter>> backends) ->
          backends.forEach(
              backend -> message.getFirstAvailableBuilder().addBackends(backend(backend)));
      case Distribution.Random<HttpFilter>(List<Weighted<HttpFilter>> backends) ->
          backends.forEach(
              backend -> message.getRandomAvailableBuilder().addBackends(weighted(backend)));
    }
    return message.build();
  }

  private static HttpRoute.WeightedRouteBackend weighted(Weighted<HttpFilter> weighted) {
    return HttpRoute.WeightedRouteBackend.newBuilder()
        .setBackend(backend(weighted.backend()))
        .setWeight((int) weighted.weight())
        .build();
  }

  private static HttpRoute.RouteBackend backend(RouteBackend<HttpFilter> backend) {
    return HttpRoute.RouteBackend.newBuilder()
        .setBackend(Backends.encode(backend.backend()))
        .addAllFilters(backend.filters().stream().map(HttpRoutes::filter).toList())
        .build();
  }

  private static HttpRoute.Filter filter(HttpFilter filter) {
    HttpRoute.Filter.Builder message = HttpRoute.Filter.newBuilder();
    switch (filter) {
      case HttpFilter.RequestHeaders headers ->
          message.setRequestHeaderModifier(Routes.request(headers.modifier()));
      case HttpFilter.ResponseHeaders headers ->
          message.setResponseHeaderModifier(Routes.response(headers.modifier()));
      case HttpFilter.Redirect redirect -> message.setRedirect(Routes.redirect(redirect));
      case HttpFilter.Fail fail -> message.setFailureInjector(Routes.fail(fail));
      case HttpFilter.Unusable(String text) ->
          message.setFailureInjector(Routes.fail(new HttpFilter.Fail(500, text, null)));
    }
    return message.build();
  }
}
