package dev.weft.policy.route;

import java.util.List;

/** A compiled {@link GrpcRouteMatch}; the path of a call is {@code /service/method}. */
record GrpcMatcher(String service, String method, List<HeaderMatcher> headers)
    implements RuleMatcher {

  static GrpcMatcher compile(GrpcRouteMatch match) {
    return new GrpcMatcher(
        match.service(),
        match.method(),
        match.headers().stream().map(HeaderMatcher::compile).toList());
  }

  @Override
  public boolean matches(RequestContext request, CharSequence target, int pathEnd) {
    if (!Chars.equal(request.method(), "POST") || !matchesCall(target, pathEnd)) {
      return false;
    }
    for (HeaderMatcher header : headers) {
      if (!header.matches(request)) {
        return false;
      }
    }
    return true;
  }

  private boolean matchesCall(CharSequence target, int pathEnd) {
    int slash = methodSlash(target, pathEnd);
    if (slash < 0) {
      return false;
    }
    return (service.isEmpty()
            || (slash - 1 == service.length() && Chars.regionEqual(target, 1, service)))
        && (method.isEmpty()
            || (pathEnd - slash - 1 == method.length()
                && Chars.regionEqual(target, slash + 1, method)));
  }

  /** Where the method part begins, or -1 when the path is not of two segments. */
  private static int methodSlash(CharSequence target, int pathEnd) {
    if (pathEnd < 3 || target.charAt(0) != '/') {
      return -1;
    }
    int slash = -1;
    for (int i = 1; i < pathEnd; i++) {
      if (target.charAt(i) == '/') {
        if (slash >= 0) {
          return -1;
        }
        slash = i;
      }
    }
    return slash;
  }

  @Override
  public long rank(int pathLength) {
    return RuleRank.grpc(service.length(), method.length(), headers.size());
  }

  @Override
  public boolean rankVaries() {
    return false;
  }
}
