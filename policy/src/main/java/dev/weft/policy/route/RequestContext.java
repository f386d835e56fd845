package dev.weft.policy.route;

import java.util.function.Predicate;

/**
 * What routes may look at in a request. The proxy implements it over its own header objects, so
 * that nothing is copied to match a route; every sequence is read during the call only and never
 * kept.
 *
 * <p>Header values are sequences of bytes, one char each (ISO-8859-1), as HTTP codecs hand them
 * out.
 */
public interface RequestContext {
  /** Method token, case-sensitive. */
  CharSequence method();

  /** Path with query as on the request line: {@code /a/b?c=d}, {@code *}, or empty for CONNECT. */
  CharSequence pathAndQuery();

  /** {@code host[:port]} of the request URI or the Host header; empty when there is none. */
  CharSequence authority();

  /**
   * Whether any value of a header passes a test.
   *
   * @param lowerCaseName name of the header in lower case
   */
  boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test);
}
