package dev.weft.policy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of an HTTP rule; every condition present must hold.
 *
 * @param path absent is any path, ranked like prefix {@code /}
 * @param method absent is any method
 */
public record HttpRouteMatch(
    @Nullable PathMatch path,
    List<HeaderMatch> headers,
    List<QueryParamMatch> queryParams,
    @Nullable String method) {
  /** Holds for every request. */
  public static final HttpRouteMatch ANY = new HttpRouteMatch(null, List.of(), List.of(), null);

  public HttpRouteMatch {
    headers = List.copyOf(headers);
    queryParams = List.copyOf(queryParams);
  }

  public static HttpRouteMatch prefix(String prefix) {
    return new HttpRouteMatch(new PathMatch.Prefix(prefix), List.of(), List.of(), null);
  }

  public static HttpRouteMatch exact(String path, @Nullable String method) {
    return new HttpRouteMatch(new PathMatch.Exact(path), List.of(), List.of(), method);
  }
}
