package dev.weft.policy.route;

import java.util.Locale;

/**
 * A header condition; it holds when at least one value of the header fits. Names are lower case.
 */
public sealed interface HeaderMatch {
  String name();

  /** Equality; chars are bytes, as in {@link RequestContext}. */
  record Exact(String name, String value) implements HeaderMatch {
    public Exact {
      name = name.toLowerCase(Locale.ROOT);
    }
  }

  /** An expression that must span the whole value. */
  record Regex(String name, String pattern) implements HeaderMatch {
    public Regex {
      name = name.toLowerCase(Locale.ROOT);
    }
  }
}
