package dev.weft.policy.route;

/** A query condition over form-decoded names and values; one fitting occurrence suffices. */
public sealed interface QueryParamMatch {
  /** Case-sensitive. */
  String name();

  record Exact(String name, String value) implements QueryParamMatch {}

  /** An expression that must span the whole decoded value. */
  record Regex(String name, String pattern) implements QueryParamMatch {}
}
