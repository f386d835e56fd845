package dev.weft.policy.route;

/**
 * The specificity of a rule as one number; higher is better. Each part saturates far above what a
 * request can carry, so that parts never run into one another.
 */
final class RuleRank {
  /** Stands for the path length of an expression before the request is known. */
  static final int LONGEST = (1 << 20) - 1;

  private RuleRank() {}

  static long http(int pathLength, int headers, int queryParams, boolean method) {
    return part(pathLength, 20) << 21
        | part(headers, 10) << 11
        | part(queryParams, 10) << 1
        | (method ? 1 : 0);
  }

  static long grpc(int serviceLength, int methodLength, int headers) {
    return part(serviceLength, 16) << 26 | part(methodLength, 16) << 10 | part(headers, 10);
  }

  private static long part(int value, int bits) {
    return Math.min(value, (1 << bits) - 1);
  }
}
