package dev.weft.policy.outbound;

import java.util.Set;

/**
 * Which gRPC answers are repeated.
 *
 * @param codes values of {@code grpc-status}; none repeats no status
 */
public record GrpcRetryOn(Set<Code> codes) {
  /** Copies the set. */
  public GrpcRetryOn {
    codes = Set.copyOf(codes);
  }

  /** Whether answers with this {@code grpc-status} are repeated. */
  public boolean contains(int status) {
    for (Code code : codes) {
      if (code.value == status) {
        return true;
      }
    }
    return false;
  }

  /** The codes a policy can name. */
  public enum Code {
    /** The call was cancelled. */
    CANCELLED(1),
    /** The call took too long. */
    DEADLINE_EXCEEDED(4),
    /** Something is used up. */
    RESOURCE_EXHAUSTED(8),
    /** A fault in the server. */
    INTERNAL(13),
    /** The server cannot answer now. */
    UNAVAILABLE(14);

    private final int value;

    Code(int value) {
      this.value = value;
    }

    /** The value of {@code grpc-status}. */
    public int value() {
      return value;
    }
  }
}
