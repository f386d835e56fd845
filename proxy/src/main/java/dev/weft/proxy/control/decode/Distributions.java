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
import java.util.function.Function;

/**
 * How traffic is spread over backends. The contract says it in four messages of one shape; what is
 * here four times are their accessors, what they mean is here once.
 */
final class Distributions {
  private static final long MAX_WEIGHT_SUM = 0xffff_ffffL;

  private Distributions() {}

  static Distribution<HttpFilter> http(HttpRoute.Distribution message) {
    return switch (message.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(message.getFirstAvailable().getBackendsList(), Distributions::backend);
      case RANDOM_AVAILABLE ->
          random(message.getRandomAvailable().getBackendsList(), Distributions::weighted);
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  private static Weighted<HttpFilter> weighted(HttpRoute.WeightedRouteBackend message) {
    return weighted(backend(message.getBackend()), message.getWeight());
  }

  private static RouteBackend<HttpFilter> backend(HttpRoute.RouteBackend message) {
    return new RouteBackend<>(
        Backends.backend(message.hasBackend(), message.getBackend()),
        Routes.each(message.getFiltersList(), Distributions::filter));
  }

  static Distribution<GrpcFilter> grpc(GrpcRoute.Distribution message) {
    return switch (message.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(message.getFirstAvailable().getBackendsList(), Distributions::backend);
      case RANDOM_AVAILABLE ->
          random(message.getRandomAvailable().getBackendsList(), Distributions::weighted);
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  private static Weighted<GrpcFilter> weighted(GrpcRoute.WeightedRouteBackend message) {
    return weighted(backend(message.getBackend()), message.getWeight());
  }

  private static RouteBackend<GrpcFilter> backend(GrpcRoute.RouteBackend message) {
    return new RouteBackend<>(
        Backends.backend(message.hasBackend(), message.getBackend()),
        Routes.each(message.getFiltersList(), Distributions::filter));
  }

  static Distribution<TcpFilter> opaque(OpaqueRoute.Distribution message) {
    return switch (message.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(message.getFirstAvailable().getBackendsList(), Distributions::backend);
      case RANDOM_AVAILABLE ->
          random(message.getRandomAvailable().getBackendsList(), Distributions::weighted);
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  private static Weighted<TcpFilter> weighted(OpaqueRoute.WeightedRouteBackend message) {
    return weighted(backend(message.getBackend()), message.getWeight());
  }

  private static RouteBackend<TcpFilter> backend(OpaqueRoute.RouteBackend message) {
    return new RouteBackend<>(
        Backends.backend(message.hasBackend(), message.getBackend()),
        Routes.each(message.getFiltersList(), Distributions::filter));
  }

  static Distribution<TcpFilter> tls(TlsRoute.Distribution message) {
    return switch (message.getKindCase()) {
      case EMPTY -> new Distribution.Empty<>();
      case FIRST_AVAILABLE ->
          first(message.getFirstAvailable().getBackendsList(), Distributions::backend);
      case RANDOM_AVAILABLE ->
          random(message.getRandomAvailable().getBackendsList(), Distributions::weighted);
      case KIND_NOT_SET -> throw Values.missing("distribution");
    };
  }

  private static Weighted<TcpFilter> weighted(TlsRoute.WeightedRouteBackend message) {
    return weighted(backend(message.getBackend()), message.getWeight());
  }

  private static RouteBackend<TcpFilter> backend(TlsRoute.RouteBackend message) {
    return new RouteBackend<>(
        Backends.backend(message.hasBackend(), message.getBackend()),
        Routes.each(message.getFiltersList(), Distributions::filter));
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

  private static <M, F> Distribution<F> first(
      List<M> messages, Function<M, RouteBackend<F>> decode) {
    requireSome(messages);
    return new Distribution.FirstAvailable<>(Routes.each(messages, decode));
  }

  private static <M, F> Distribution<F> random(List<M> messages, Function<M, Weighted<F>> decode) {
    requireSome(messages);
    List<Weighted<F>> backends = Routes.each(messages, decode);
    if (backends.size() == 1) {
      return new Distribution.FirstAvailable<>(List.of(backends.getFirst().backend()));
    }
    long sum = backends.stream().mapToLong(Weighted::weight).sum();
    if (sum == 0 || sum > MAX_WEIGHT_SUM) {
      throw new InvalidPolicyException("weights of backends sum to " + sum);
    }
    return new Distribution.Random<>(backends);
  }

  private static void requireSome(List<?> messages) {
    if (messages.isEmpty()) {
      throw Values.missing("backend of a distribution");
    }
  }
}
