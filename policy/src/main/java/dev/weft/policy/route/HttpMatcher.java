package dev.weft.policy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled {@link HttpRouteMatch}; the cheap conditions are tried first. */
record HttpMatcher(
    @Nullable String method,
    PathMatcher path,
    List<HeaderMatcher> headers,
    List<QueryMatcher> queryParams)
    implements RuleMatcher {

  static HttpMatcher compile(HttpRouteMatch match) {
    return new HttpMatcher(
        match.method(),
        PathMatcher.compile(match.path()),
        match.headers().stream().map(HeaderMatcher::compile).toList(),
        match.queryParams().stream().map(QueryMatcher::compile).toList());
  }

  @Override
  public boolean matches(RequestContext request, CharSequence target, int pathEnd) {
    if (method != null && !Chars.equal(request.method(), method)) {
      return false;
    }
    if (!path.matches(target, pathEnd)) {
      return false;
    }
    for (HeaderMatcher header : headers) {
      if (!header.matches(request)) {
        return false;
      }
    }
    return queryParams.isEmpty() || QueryMatcher.all(queryParams, target, pathEnd);
  }

  @Override
  public long rank(int pathLength) {
    return RuleRank.http(
        path.length(pathLength), headers.size(), queryParams.size(), method != null);
  }

  @Override
  public boolean rankVaries() {
    return path instanceof PathMatcher.Regex;
  }
}
