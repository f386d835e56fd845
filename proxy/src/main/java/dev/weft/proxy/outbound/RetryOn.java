package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import org.jspecify.annotations.Nullable;

/** Which answers of an endpoint are asked for again. Immutable. */
interface RetryOn {
  /** Whether a response of this HTTP status is. */
  boolean status(int status);

  /** Whether a gRPC response of this status is. */
  boolean code(int grpcStatus);

  /** Whether gRPC statuses matter at all, so that trailers are looked at before they go on. */
  boolean readsCodes();

  /**
   * As a policy, or a request, lists them.
   *
   * @param statuses null for none
   * @param codes null for none
   */
  record Listed(@Nullable HttpRetryOn statuses, @Nullable GrpcRetryOn codes) implements RetryOn {
    @Override
    public boolean status(int status) {
      return statuses != null && statuses.contains(status);
    }

    @Override
    public boolean code(int grpcStatus) {
      return codes != null && codes.contains(grpcStatus);
    }

    @Override
    public boolean readsCodes() {
      return codes != null;
    }
  }
}
