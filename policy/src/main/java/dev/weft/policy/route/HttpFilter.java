package dev.weft.policy.route;

import org.jspecify.annotations.Nullable;

/** What a rule or backend does to an HTTP exchange, in the order the policy lists it. */
public sealed interface HttpFilter {
  record RequestHeaders(HeaderModifier modifier) implements HttpFilter, GrpcFilter {}

  record ResponseHeaders(HeaderModifier modifier) implements HttpFilter {}

  /**
   * Answers with a redirect.
   *
   * @param scheme null keeps that of the request
   * @param host empty keeps that of the request
   * @param path null keeps path and query
   * @param port 0 is unset
   * @param status 0 is 301
   */
  record Redirect(
      @Nullable String scheme, String host, @Nullable PathRewrite path, int port, int status)
      implements HttpFilter {}

  /**
   * Answers with a fixed status.
   *
   * @param ratio share of requests that fail; null is all
   */
  record Fail(int status, String message, @Nullable Ratio ratio) implements HttpFilter {}

  /** A filter this version cannot apply; every request on its rule fails with 500. */
  record Unusable(String message) implements HttpFilter, GrpcFilter {}

  /** How a redirect changes the path. */
  sealed interface PathRewrite {
    /** Replaces path and query. */
    record Full(String path) implements PathRewrite {}

    /** Replaces the matched prefix and keeps the query; usable only when a prefix matched. */
    record Prefix(String prefix) implements PathRewrite {}
  }

  /** A share between 0 and 1; the denominator is above 0 and not below the numerator. */
  record Ratio(int numerator, int denominator) {}
}
