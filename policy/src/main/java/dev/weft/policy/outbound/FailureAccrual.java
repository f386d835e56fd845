package dev.weft.policy.outbound;

import java.time.Duration;

/**
 * When an endpoint of a balanced backend is put aside, and for how long. Source: facts/proxy.md
 * 3.12.
 */
public sealed interface FailureAccrual {
  /** How long an endpoint stays aside before it is tried again. */
  Backoff backoff();

  /**
   * After a run of failures.
   *
   * @param maxFailures the length of the run; 0 is never
   * @param backoff see {@link FailureAccrual#backoff}
   */
  record Consecutive(int maxFailures, Backoff backoff) implements FailureAccrual {}

  /**
   * After a run of failures, or when too few answers succeed.
   *
   * @param successRateThreshold share of successes below which it is put aside, 0 to 1; 0 is never
   * @param window over which successes are counted
   * @param minRequests answers in the window below which nothing is concluded
   * @param maxConsecutiveFailures the length of the run; 0 is never
   * @param backoff see {@link FailureAccrual#backoff}
   */
  record Unified(
      double successRateThreshold,
      Duration window,
      int minRequests,
      int maxConsecutiveFailures,
      Backoff backoff)
      implements FailureAccrual {}
}
