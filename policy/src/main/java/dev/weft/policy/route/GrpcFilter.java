package dev.weft.policy.route;

import org.jspecify.annotations.Nullable;

/** What a rule or backend does to a gRPC call, in the order the policy lists it. */
public sealed interface GrpcFilter
    permits GrpcFilter.Fail, HttpFilter.RequestHeaders, HttpFilter.Unusable {
  /**
   * Answers with a fixed status.
   *
   * @param code value of {@code grpc-status}
   * @param ratio share of calls that fail; null is all
   */
  record Fail(int code, String message, HttpFilter.@Nullable Ratio ratio) implements GrpcFilter {}
}
