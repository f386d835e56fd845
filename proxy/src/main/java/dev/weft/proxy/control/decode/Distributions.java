package dev.weft.proxy.control.decode;

import dev.weft.api.outbound.GrpcRoute;
import dev.weft.api.outbound.HttpRoute;
import dev.weft.api.outbound.OpaqueRoute;
import dev.weft.api.outbound.TlsRoute;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.Distribution.RouteBackend;
import dev.weft.policy.outbound.Distribution.Weighted;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.HttpFilter;
import java.util.List;

/** How traffic is spread over backends: the same shape four times, in four messages. */
final class Distributions {
  private static final long MAX_WEIGHT_SUM = 0xffff_ffffL;

  private Distributions() {}

  static Distribution<HttpFilter> http(HttpRoute.Distribution distribution) {
    return switch (distribution.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(
              Routes.each(
                  distribution.getFirstAvailable().getBackendsList(), Distributions::backend));
      case RANDOM_AVAILABLE ->
          random(
              Routes.each(
                  distribution.getRandomAvailable().getBackendsList(),
                  w -> weighted(backend(w.getBackend()), w.getWeight())));
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  static Distribution<GrpcFilter> grpc(GrpcRoute.Distribution distribution) {
    return switch (distribution.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(
              Routes.each(
                  distribution.getFirstAvailable().getBackendsList(), Distributions::backend));
      case RANDOM_AVAILABLE ->
          random(
              Routes.each(
                  distribution.getRandomAvailable().getBackendsList(),
                  w -> weighted(backend(w.getBackend()), w.getWeight())));
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  static Distribution<TcpFilter> opaque(OpaqueRoute.Distribution distribution) {
    return switch (distribution.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(
              Routes.each(
                  distribution.getFirstAvailable().getBackendsList(), Distributions::backend));
      case RANDOM_AVAILABLE ->
          random(
              Routes.each(
                  distribution.getRandomAvailable().getBackendsList(),
                  w -> weighted(backend(w.getBackend()), w.getWeight())));
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  static Distribution<TcpFilter> tls(TlsRoute.Distribution distribution) {
    return switch (distribution.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(
              Routes.each(
                  distribution.getFirstAvailable().getBackendsList(), Distributions::backend));
      case RANDOM_AVAILABLE ->
          random(
              Routes.each(
                  distribution.getRandomAvailable().getBackendsList(),
                  w -> weighted(backend(w.getBackend()), w.getWeight())));
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  private static RouteBackend<HttpFilter> backend(HttpRoute.RouteBackend backend) {
    return new RouteBackend<>(
        Backends.backend(backend.hasBackend(), backend.getBackend()),
        Routes.each(backend.getFiltersList(), Distributions::filter));
  }

  private static RouteBackend<GrpcFilter> backend(GrpcRoute.RouteBackend backend) {
    return new RouteBackend<>(
        Backends.backend(backend.hasBackend(), backend.getBackend()),
        Routes.each(backend.getFiltersList(), Distributions::filter));
  }

  private static RouteBackend<TcpFilter> backend(OpaqueRoute.RouteBackend backend) {
    return new RouteBackend<>(
        Backends.backend(backend.hasBackend(), backend.getBackend()),
        Routes.each(backend.getFiltersList(), Distributions::filter));
  }

  private static RouteBackend<TcpFilter> backend(TlsRoute.RouteBackend backend) {
    return new RouteBackend<>(
        Backends.backend(backend.hasBackend(), backend.getBackend()),
        Routes.each(backend.getFiltersList(), Distributions::filter));
  }

  static HttpFilter filter(HttpRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case FAILURE_INJECTOR -> Routes.fail(filter.getFailureInjector());
      case REQUEST_HEADER_MODIFIER ->
          new HttpFilter.RequestHeaders(Routes.modifier(filter.getRequestHeaderModifier()));
      case REDIRECT -> Routes.redirect(filter.getRedirect());
      case RESPONSE_HEADER_MODIFIER ->
          new HttpFilter.ResponseHeaders(Routes.modifier(filter.getResponseHeaderModifier()));
      case KIND_NOT_SET -> throw Values.missing("filter");
    };
  }

  static GrpcFilter filter(GrpcRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case FAILURE_INJECTOR -> Routes.fail(filter.getFailureInjector());
      case REQUEST_HEADER_MODIFIER ->
          new HttpFilter.RequestHeaders(Routes.modifier(filter.getRequestHeaderModifier()));
      case KIND_NOT_SET -> throw Values.missing("filter");
    };
  }

  static TcpFilter filter(OpaqueRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case INVALID -> new TcpFilter.Invalid(filter.getInvalid().getMessage());
      case FORBIDDEN -> new TcpFilter.Forbidden();
      case KIND_NOT_SET -> throw Values.missing("filter");
    };
  }

  static TcpFilter filter(TlsRoute.Filter filter) {
    return switch (filter.getKindCase()) {
      case INVALID -> new TcpFilter.Invalid(filter.getInvalid().getMessage());
      case FORBIDDEN -> new TcpFilter.Forbidden();
      case KIND_NOT_SET -> throw Values.missing("filter");
    };
  }

  private static <F> Weighted<F> weighted(RouteBackend<F> backend, int weight) {
    return new Weighted<>(backend, Integer.toUnsignedLong(weight));
  }

  private static <F> Distribution<F> first(List<RouteBackend<F>> backends) {
    if (backends.isEmpty()) {
      throw Values.missing("backend of a distribution");
    }
    return new Distribution.FirstAvailable<>(backends);
  }

  private static <F> Distribution<F> random(List<Weighted<F>> backends) {
    long sum = backends.stream().mapToLong(Weighted::weight).sum();
    if (backends.isEmpty()) {
      throw Values.missing("backend of a distribution");
    }
    if (backends.size() == 1) {
      return new Distribution.FirstAvailable<>(List.of(backends.getFirst().backend()));
    }
    if (sum == 0 || sum > MAX_WEIGHT_SUM) {
      throw new InvalidPolicyException("weights of backends sum to " + sum);
    }
    return new Distribution.Random<>(backends);
  }
}
