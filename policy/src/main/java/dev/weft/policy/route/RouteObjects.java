package dev.weft.policy.route;

import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.Route;
import dev.weft.policy.InvalidPolicyException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads matches and filters of route objects. Whatever a proxy could not carry out is refused here,
 * since one bad part makes a proxy discard a whole policy. Source: facts/policy.md 3.5.
 */
public final class RouteObjects {
  private RouteObjects() {}

  /** The host conditions of a route. */
  public static List<HostMatch> hosts(List<String> hostnames) {
    return hostnames.stream().map(HostMatch::parse).toList();
  }

  /**
   * One alternative of an HTTP rule.
   *
   * @throws InvalidPolicyException if a proxy would not understand it
   */
  public static HttpRouteMatch match(HttpRoute.Match match) {
    var converted =
        new HttpRouteMatch(
            path(match.path()),
            match.headers().stream().map(RouteObjects::header).toList(),
            match.queryParams().stream().map(RouteObjects::query).toList(),
            match.method().isEmpty() ? null : match.method());
    HttpMatcher.compile(converted);
    return converted;
  }

  /**
   * One alternative of a gRPC rule.
   *
   * @throws InvalidPolicyException if a proxy would not understand it
   */
  public static GrpcRouteMatch match(GrpcRoute.Match match) {
    List<HeaderMatch> headers = match.headers().stream().map(RouteObjects::header).toList();
    GrpcRouteMatch converted =
        switch (match.method()) {
          case GrpcRoute.MethodMatch.Exact(String service, String method) ->
              new GrpcRouteMatch(service, method, headers);
          case GrpcRoute.MethodMatch.Regex _ ->
              throw new InvalidPolicyException(
                  "gRPC method match rejected; cause: regular expressions are not supported; fix:"
                      + " use type Exact");
        };
    GrpcMatcher.compile(converted);
    return converted;
  }

  /**
   * A filter of an HTTP rule.
   *
   * @throws InvalidPolicyException if the mesh does not have it
   */
  public static HttpFilter httpFilter(Route.Filter filter) {
    return switch (filter) {
      case Route.Filter.RequestHeaderModifier(Route.HeaderModifier modifier) ->
          new HttpFilter.RequestHeaders(headers(modifier));
      case Route.Filter.ResponseHeaderModifier(Route.HeaderModifier modifier) ->
          new HttpFilter.ResponseHeaders(headers(modifier));
      case Route.Filter.RequestRedirect redirect ->
          new HttpFilter.Redirect(
              redirect.scheme().isEmpty() ? null : redirect.scheme(),
              redirect.hostname(),
              rewrite(redirect.path()),
              redirect.port(),
              redirect.statusCode());
      case Route.Filter.Unsupported(String type) -> throw unsupported(type);
    };
  }

  /**
   * A filter of a gRPC rule; empty for a change of response headers, which gRPC routes do not have
   * on the wire.
   *
   * @throws InvalidPolicyException if the mesh does not have it
   */
  public static Optional<GrpcFilter> grpcFilter(Route.Filter filter) {
    return switch (filter) {
      case Route.Filter.RequestHeaderModifier(Route.HeaderModifier modifier) ->
          Optional.of(new HttpFilter.RequestHeaders(headers(modifier)));
      case Route.Filter.ResponseHeaderModifier _ -> Optional.empty();
      case Route.Filter.RequestRedirect _ -> throw unsupported("RequestRedirect");
      case Route.Filter.Unsupported(String type) -> throw unsupported(type);
    };
  }

  private static PathMatch path(HttpRoute.PathMatch match) {
    return switch (match) {
      case HttpRoute.PathMatch.Exact(String path) -> new PathMatch.Exact(absolute(path));
      case HttpRoute.PathMatch.Prefix(String prefix) -> new PathMatch.Prefix(absolute(prefix));
      case HttpRoute.PathMatch.Regex(String regex) -> new PathMatch.Regex(regex);
    };
  }

  private static HeaderMatch header(Route.NamedMatch match) {
    String name = headerName(match.name());
    return switch (match.value()) {
      case Route.ValueMatch.Exact(String value) ->
          new HeaderMatch.Exact(name, headerValue(name, value));
      case Route.ValueMatch.Regex(String regex) -> new HeaderMatch.Regex(name, regex);
    };
  }

  private static QueryParamMatch query(Route.NamedMatch match) {
    if (match.name().isEmpty()) {
      throw new InvalidPolicyException("query match rejected; cause: its name is empty");
    }
    return switch (match.value()) {
      case Route.ValueMatch.Exact(String value) -> new QueryParamMatch.Exact(match.name(), value);
      case Route.ValueMatch.Regex(String regex) -> new QueryParamMatch.Regex(match.name(), regex);
    };
  }

  private static HeaderModifier headers(Route.HeaderModifier modifier) {
    return new HeaderModifier(
        fields(modifier.add()),
        fields(modifier.set()),
        modifier.remove().stream().map(RouteObjects::headerName).toList());
  }

  private static List<HeaderModifier.Field> fields(List<Route.Header> headers) {
    return headers.stream()
        .map(
            header -> {
              String name = headerName(header.name());
              return new HeaderModifier.Field(name, headerValue(name, header.value()));
            })
        .toList();
  }

  private static HttpFilter.@Nullable PathRewrite rewrite(Route.RedirectPath path) {
    return switch (path) {
      case Route.RedirectPath.Keep _ -> null;
      case Route.RedirectPath.Full(String full) -> new HttpFilter.PathRewrite.Full(absolute(full));
      case Route.RedirectPath.Prefix(String prefix) ->
          new HttpFilter.PathRewrite.Prefix(absolute(prefix));
    };
  }

  private static String absolute(String path) {
    if (!path.startsWith("/")) {
      throw new InvalidPolicyException(
          "path '%s' rejected; cause: it does not start with /; fix: write /%s"
              .formatted(path, path));
    }
    return path;
  }

  private static String headerName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean token =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        throw new InvalidPolicyException(
            "header name '%s' rejected; cause: it is no HTTP token".formatted(name));
      }
    }
    if (name.isEmpty()) {
      throw new InvalidPolicyException("header name rejected; cause: it is empty");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static String headerValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new InvalidPolicyException(
            "value of header '%s' rejected; cause: a control character".formatted(name));
      }
    }
    return value;
  }

  private static InvalidPolicyException unsupported(String type) {
    return new InvalidPolicyException(
        "filter '%s' rejected; cause: the mesh does not have it here".formatted(type));
  }
}
