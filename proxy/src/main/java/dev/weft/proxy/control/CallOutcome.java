package dev.weft.proxy.control;

import dev.weft.proxy.metrics.Labels;
import io.grpc.Status;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a call ended, as the contract classifies it.
 *
 * @param answered whether the service itself said so, and not the connection to it
 */
record CallOutcome(Status.Code code, boolean answered) {
  private static final Set<Status.Code> FAILURES =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.PERMISSION_DENIED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  /** What a client says by itself when no answer came. */
  private static final Set<Status.Code> OURS =
      EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);

  /**
   * The outcome of a call.
   *
   * @param headers whether a response had begun; one that consists of trailers alone has not
   */
  static CallOutcome of(Status status, boolean headers) {
    return new CallOutcome(status.getCode(), headers || !OURS.contains(status.getCode()));
  }

  Labels labels() {
    boolean failure = !answered || FAILURES.contains(code);
    return Labels.of(
        "classification",
        failure ? "failure" : "success",
        "grpc_status",
        answered ? Integer.toString(code.value()) : "",
        "error",
        answered ? "" : code == Status.Code.DEADLINE_EXCEEDED ? "timeout" : "unclassified");
  }
}
