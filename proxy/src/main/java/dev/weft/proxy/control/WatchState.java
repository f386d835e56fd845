package dev.weft.proxy.control;

import io.grpc.Status;

/**
 * What is known of one watched thing. The last value outlives broken streams: a value is replaced
 * by newer values only, never by the loss of the control plane.
 *
 * @param <T> the snapshot
 */
public sealed interface WatchState<T> {

  /** Nothing was heard yet; the stream is being opened, or retried. */
  record Pending<T>() implements WatchState<T> {}

  /** The newest snapshot. */
  record Known<T>(T value) implements WatchState<T> {}

  /**
   * The control plane gave a final answer; it is not asked again while this watch lives.
   *
   * <p>Final codes (facts/proxy-api.md 14.3): INVALID_ARGUMENT and FAILED_PRECONDITION everywhere;
   * for outbound policy also NOT_FOUND and UNIMPLEMENTED.
   */
  record Ended<T>(Status.Code code, String description) implements WatchState<T> {

    /** Whether the answer is "no such policy", for which a policy is made up from the profile. */
    public boolean absent() {
      return code == Status.Code.NOT_FOUND || code == Status.Code.UNIMPLEMENTED;
    }
  }
}
