package dev.weft.policy.route;

/** One compiled alternative of a rule, host aside. */
sealed interface RuleMatcher permits HttpMatcher, GrpcMatcher {
  /**
   * Whether the request fits.
   *
   * @param target path and query of the request
   * @param pathEnd length of the path within {@code target}
   */
  boolean matches(RequestContext request, CharSequence target, int pathEnd);

  /** Specificity of a match on a path of this length, as in {@link RuleRank}. */
  long rank(int pathLength);

  /** Whether the rank depends on the request. */
  boolean rankVaries();
}
