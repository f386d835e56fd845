package dev.weft.policy.route;

import java.util.function.Predicate;

/** A compiled header condition. */
record HeaderMatcher(String name, Predicate<CharSequence> test) {
  static HeaderMatcher compile(HeaderMatch match) {
    return switch (match) {
      case HeaderMatch.Exact(String name, String value) ->
          new HeaderMatcher(name, actual -> Chars.equal(actual, value));
      case HeaderMatch.Regex(String name, String pattern) ->
          new HeaderMatcher(name, LinearRegex.compile(pattern)::spans);
    };
  }

  boolean matches(RequestContext request) {
    return request.anyHeader(name, test);
  }
}
