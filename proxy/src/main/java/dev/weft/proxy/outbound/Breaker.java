package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.proxy.client.Backoff;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Puts an endpoint aside that keeps failing: shut after a run of failures (or, as {@code Unified},
 * a bad share of successes), tried with a single request after a pause that grows, open again when
 * that one succeeds. Keeps no time itself. Runs on its lane's loop only; allocates nothing after
 * construction.
 *
 * <p>Source: facts/proxy.md 3.12.
 */
final class Breaker {
  private static final int SLOTS = 10;
  private static final Duration SHORTEST = Duration.ofNanos(1);

  enum State {
    /** Requests flow. */
    CLOSED,
    /** None is let through until the pause is over. */
    OPEN,
    /** One may be let through. */
    PROBATION,
    /** It is under way. */
    PROBING
  }

  private final FailureAccrual rule;
  private final int maxFailures;
  private final Backoff pauses;
  private final long slotNanos;
  private final long[] good = new long[SLOTS];
  private final long[] bad = new long[SLOTS];
  private long slot;
  private int failures;
  private State state = State.CLOSED;

  Breaker(FailureAccrual rule, RandomGenerator random, long nowNanos) {
    this.rule = rule;
    Duration min = rule.backoff().min();
    this.pauses =
        new Backoff(
            min.isZero() ? SHORTEST : min,
            rule.backoff().max(),
            rule.backoff().jitterRatio(),
            random);
    switch (rule) {
      case FailureAccrual.Consecutive(int max, var _) -> {
        maxFailures = max;
        slotNanos = 1;
      }
      case FailureAccrual.Unified unified -> {
        maxFailures = unified.maxConsecutiveFailures();
        slotNanos = Math.max(1, unified.window().toNanos() / SLOTS);
      }
    }
    this.slot = nowNanos / slotNanos;
  }

  State state() {
    return state;
  }

  /** Whether a request may be sent to the endpoint. */
  boolean admits() {
    return state == State.CLOSED || state == State.PROBATION;
  }

  /** The pause is over. */
  void probe() {
    if (state == State.OPEN) {
      state = State.PROBATION;
    }
  }

  /** A request goes to the endpoint; whether it is the probe. */
  boolean take() {
    if (state == State.PROBATION) {
      state = State.PROBING;
      return true;
    }
    return false;
  }

  /** The probe told nothing: another may be let through. */
  void released() {
    if (state == State.PROBING) {
      state = State.PROBATION;
    }
  }

  /**
   * A request was answered, or failed.
   *
   * @param probe what {@link #take} said of it
   * @param limited whether the endpoint said that it has too much to do
   * @return how long the endpoint is put aside from now, or 0 if it is not
   */
  long record(boolean success, boolean limited, boolean probe, long nowNanos) {
    boolean refused = limited && rule instanceof FailureAccrual.Unified;
    if (probe) {
      if (state != State.PROBING) {
        return 0;
      }
      if (success && !refused) {
        reset();
        return 0;
      }
      return open();
    }
    if (state != State.CLOSED) {
      return 0; // it was under way when the endpoint was put aside
    }
    if (!refused) {
      failures = success ? 0 : failures + 1;
    }
    if (maxFailures > 0 && failures >= maxFailures) {
      return open();
    }
    if (rule instanceof FailureAccrual.Unified unified
        && tooFewSucceed(unified, success && !refused, nowNanos)) {
      return open();
    }
    return 0;
  }

  private boolean tooFewSucceed(FailureAccrual.Unified unified, boolean success, long nowNanos) {
    if (unified.successRateThreshold() <= 0) {
      return false;
    }
    turn(nowNanos / slotNanos);
    (success ? good : bad)[(int) Math.floorMod(slot, (long) SLOTS)]++;
    long successes = 0;
    long all = 0;
    for (int i = 0; i < SLOTS; i++) {
      successes += good[i];
      all += good[i] + bad[i];
    }
    return all >= Math.max(1, unified.minRequests())
        && successes < unified.successRateThreshold() * all;
  }

  private void turn(long now) {
    long behind = Math.min(SLOTS, now - slot);
    for (long i = 1; i <= behind; i++) {
      int at = (int) Math.floorMod(now - behind + i, (long) SLOTS);
      good[at] = 0;
      bad[at] = 0;
    }
    slot = Math.max(slot, now);
  }

  private long open() {
    state = State.OPEN;
    failures = 0;
    Arrays.fill(good, 0);
    Arrays.fill(bad, 0);
    return pauses.nextNanos();
  }

  private void reset() {
    state = State.CLOSED;
    failures = 0;
    pauses.reset();
  }
}
