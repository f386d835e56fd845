package dev.weft.policy.route;

/** A path condition; the query is not part of the path and nothing is percent-decoded. */
public sealed interface PathMatch {
  /** The whole path, case-sensitive. */
  record Exact(String path) implements PathMatch {}

  /**
   * Whole leading segments; trailing slashes of pattern and path do not count, {@code /} is all.
   */
  record Prefix(String prefix) implements PathMatch {}

  /** An expression that must span the whole path; see {@link LinearRegex} for its syntax. */
  record Regex(String pattern) implements PathMatch {}
}
