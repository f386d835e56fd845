package dev.weft.policyservice.wire;

import com.google.protobuf.ByteString;
import dev.weft.api.grpcroute.GrpcFailureInjector;
import dev.weft.api.grpcroute.GrpcRpcMatch;
import dev.weft.api.httproute.HeaderMatch;
import dev.weft.api.httproute.HostMatch;
import dev.weft.api.httproute.HttpFailureInjector;
import dev.weft.api.httproute.HttpRouteMatch;
import dev.weft.api.httproute.PathMatch;
import dev.weft.api.httproute.PathModifier;
import dev.weft.api.httproute.QueryParamMatch;
import dev.weft.api.httproute.Ratio;
import dev.weft.api.httproute.RequestHeaderModifier;
import dev.weft.api.httproute.RequestRedirect;
import dev.weft.api.httproute.ResponseHeaderModifier;
import dev.weft.api.httptypes.Headers;
import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.httptypes.Scheme;
import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.GrpcRouteMatch;
import dev.weft.policy.route.HeaderModifier;
import dev.weft.policy.route.HttpFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Matches and filters, which inbound and outbound share. Values of headers are bytes. */
final class Routes {
  private Routes() {}

  static HostMatch host(dev.weft.policy.route.HostMatch match) {
    return switch (match) {
      case dev.weft.policy.route.HostMatch.Exact(String host) ->
          HostMatch.newBuilder().setExact(host).build();
      case dev.weft.policy.route.HostMatch.Suffix(List<String> labels) ->
          HostMatch.newBuilder()
              .setSuffix(HostMatch.Suffix.newBuilder().addAllReverseLabels(labels))
              .build();
    };
  }

  static HttpRouteMatch match(dev.weft.policy.route.HttpRouteMatch match) {
    HttpRouteMatch.Builder message = HttpRouteMatch.newBuilder();
    if (match.path() != null) {
      message.setPath(path(match.path()));
    }
    match.headers().forEach(header -> message.addHeaders(header(header)));
    match.queryParams().forEach(param -> message.addQueryParams(query(param)));
    if (match.method() != null) {
      message.setMethod(method(match.method()));
    }
    return message.build();
  }

  static dev.weft.api.grpcroute.GrpcRouteMatch match(GrpcRouteMatch match) {
    return dev.weft.api.grpcroute.GrpcRouteMatch.newBuilder()
        .setRpc(GrpcRpcMatch.newBuilder().setService(match.service()).setMethod(match.method()))
        .addAllHeaders(match.headers().stream().map(Routes::header).toList())
        .build();
  }

  private static PathMatch path(dev.weft.policy.route.PathMatch match) {
    return switch (match) {
      case dev.weft.policy.route.PathMatch.Exact(String path) ->
          PathMatch.newBuilder().setExact(path).build();
      case dev.weft.policy.route.PathMatch.Prefix(String prefix) ->
          PathMatch.newBuilder().setPrefix(prefix).build();
      case dev.weft.policy.route.PathMatch.Regex(String pattern) ->
          PathMatch.newBuilder().setRegex(pattern).build();
    };
  }

  private static HeaderMatch header(dev.weft.policy.route.HeaderMatch match) {
    return switch (match) {
      case dev.weft.policy.route.HeaderMatch.Exact(String name, String value) ->
          HeaderMatch.newBuilder().setName(name).setExact(bytes(value)).build();
      case dev.weft.policy.route.HeaderMatch.Regex(String name, String pattern) ->
          HeaderMatch.newBuilder().setName(name).setRegex(pattern).build();
    };
  }

  private static QueryParamMatch query(dev.weft.policy.route.QueryParamMatch match) {
    return switch (match) {
      case dev.weft.policy.route.QueryParamMatch.Exact(String name, String value) ->
          QueryParamMatch.newBuilder().setName(name).setExact(value).build();
      case dev.weft.policy.route.QueryParamMatch.Regex(String name, String pattern) ->
          QueryParamMatch.newBuilder().setName(name).setRegex(pattern).build();
    };
  }

  private static HttpMethod method(String method) {
    for (HttpMethod.Registered registered : HttpMethod.Registered.values()) {
      if (registered != HttpMethod.Registered.UNRECOGNIZED && registered.name().equals(method)) {
        return HttpMethod.newBuilder().setRegistered(registered).build();
      }
    }
    return HttpMethod.newBuilder().setUnregistered(method).build();
  }

  static RequestHeaderModifier request(HeaderModifier modifier) {
    return RequestHeaderModifier.newBuilder()
        .setAdd(headers(modifier.add()))
        .setSet(headers(modifier.set()))
        .addAllRemove(modifier.remove())
        .build();
  }

  static ResponseHeaderModifier response(HeaderModifier modifier) {
    return ResponseHeaderModifier.newBuilder()
        .setAdd(headers(modifier.add()))
        .setSet(headers(modifier.set()))
        .addAllRemove(modifier.remove())
        .build();
  }

  private static Headers headers(List<HeaderModifier.Field> fields) {
    Headers.Builder message = Headers.newBuilder();
    fields.forEach(
        field ->
            message.addHeaders(
                Headers.Header.newBuilder().setName(field.name()).setValue(bytes(field.value()))));
    return message.build();
  }

  static RequestRedirect redirect(HttpFilter.Redirect redirect) {
    RequestRedirect.Builder message =
        RequestRedirect.newBuilder()
            .setHost(redirect.host())
            .setPort(redirect.port())
            .setStatus(redirect.status());
    if (redirect.scheme() != null) {
      message.setScheme(scheme(redirect.scheme()));
    }
    switch (redirect.path()) {
      case null -> {}
      case HttpFilter.PathRewrite.Full(String path) ->
          message.setPath(PathModifier.newBuilder().setFull(path));
      case HttpFilter.PathRewrite.Prefix(String prefix) ->
          message.setPath(PathModifier.newBuilder().setPrefix(prefix));
    }
    return message.build();
  }

  private static Scheme scheme(String scheme) {
    return switch (scheme) {
      case "http" -> Scheme.newBuilder().setRegistered(Scheme.Registered.HTTP).build();
      case "https" -> Scheme.newBuilder().setRegistered(Scheme.Registered.HTTPS).build();
      default -> Scheme.newBuilder().setUnregistered(scheme).build();
    };
  }

  static HttpFailureInjector fail(HttpFilter.Fail fail) {
    HttpFailureInjector.Builder message =
        HttpFailureInjector.newBuilder().setStatus(fail.status()).setMessage(fail.message());
    if (fail.ratio() != null) {
      message.setRatio(ratio(fail.ratio()));
    }
    return message.build();
  }

  static GrpcFailureInjector fail(GrpcFilter.Fail fail) {
    GrpcFailureInjector.Builder message =
        GrpcFailureInjector.newBuilder().setCode(fail.code()).setMessage(fail.message());
    if (fail.ratio() != null) {
      message.setRatio(ratio(fail.ratio()));
    }
    return message.build();
  }

  private static Ratio ratio(HttpFilter.Ratio ratio) {
    return Ratio.newBuilder()
        .setNumerator(ratio.numerator())
        .setDenominator(ratio.denominator())
        .build();
  }

  private static ByteString bytes(String value) {
    return ByteString.copyFrom(value, StandardCharsets.ISO_8859_1);
  }
}
