package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.FailureAccrual;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), 0, false);
  private static final long SECOND = 1_000_000_000L;

  private static Breaker consecutive(int max) {
    return new Breaker(new FailureAccrual.Consecutive(max, BACKOFF), new Random(1), 0);
  }

  private static long fail(Breaker breaker) {
    return breaker.record(false, false, false, 0);
  }

  @Test
  void failuresInARow_open() {
    Breaker breaker = consecutive(3);
    assertThat(fail(breaker)).isZero();
    assertThat(fail(breaker)).isZero();
    assertThat(breaker.admits()).isTrue();
    assertThat(fail(breaker)).isEqualTo(SECOND);
    assertThat(breaker.admits()).isFalse();
  }

  @Test
  void aSuccessInBetween_startsTheRunAnew() {
    Breaker breaker = consecutive(2);
    fail(breaker);
    breaker.record(true, false, false, 0);
    assertThat(fail(breaker)).isZero();
    assertThat(breaker.admits()).isTrue();
  }

  @Test
  void probation_admitsExactlyOne() {
    Breaker breaker = consecutive(1);
    fail(breaker);
    assertThat(breaker.take()).isFalse();
    breaker.probe();
    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.take()).isTrue();
    assertThat(breaker.admits()).isFalse();
    assertThat(breaker.take()).isFalse();
  }

  @Test
  void probe_succeeds_closesAndForgetsThePauses() {
    Breaker breaker = consecutive(1);
    fail(breaker);
    breaker.probe();
    breaker.take();
    assertThat(breaker.record(true, false, true, 0)).isZero();
    assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    assertThat(fail(breaker)).isEqualTo(SECOND);
  }

  @Test
  void probe_fails_opensForLonger() {
    Breaker breaker = consecutive(1);
    long pause = fail(breaker);
    for (int i = 0; i < 5; i++) {
      breaker.probe();
      assertThat(breaker.take()).isTrue();
      long next = breaker.record(false, false, true, 0);
      assertThat(next).isEqualTo(Math.min(8 * SECOND, pause * 2));
      pause = next;
    }
  }

  @Test
  void probe_withoutOutcome_leavesRoomForAnother() {
    Breaker breaker = consecutive(1);
    fail(breaker);
    breaker.probe();
    breaker.take();
    breaker.released();
    assertThat(breaker.take()).isTrue();
  }

  @Test
  void outcomesOfRequestsUnderWay_whileOpen_changeNothing() {
    Breaker breaker = consecutive(1);
    fail(breaker);
    assertThat(fail(breaker)).isZero();
    assertThat(breaker.record(true, false, false, 0)).isZero();
    assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
  }

  @Test
  void unified_tooFewSuccesses_opens() {
    FailureAccrual rule = new FailureAccrual.Unified(0.5, Duration.ofSeconds(10), 10, 0, BACKOFF);
    Breaker breaker = new Breaker(rule, new Random(1), 0);
    for (int i = 0; i < 4; i++) {
      assertThat(breaker.record(true, false, false, i * SECOND)).isZero();
      assertThat(breaker.record(false, false, false, i * SECOND)).isZero();
    }
    assertThat(breaker.record(false, false, false, 4 * SECOND)).isZero();
    assertThat(breaker.record(false, false, false, 4 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void unified_oldFailures_areForgotten() {
    FailureAccrual rule = new FailureAccrual.Unified(0.5, Duration.ofSeconds(10), 2, 0, BACKOFF);
    Breaker breaker = new Breaker(rule, new Random(1), 0);
    assertThat(breaker.record(false, false, false, 0)).isZero();
    assertThat(breaker.record(true, false, false, 60 * SECOND)).isZero();
    assertThat(breaker.record(true, false, false, 60 * SECOND)).isZero();
    assertThat(breaker.record(false, false, false, 60 * SECOND)).isZero();
  }

  @Test
  void unified_rateLimits_countForTheShareButNotForTheRun() {
    FailureAccrual run = new FailureAccrual.Unified(0, Duration.ofSeconds(10), 0, 2, BACKOFF);
    Breaker breaker = new Breaker(run, new Random(1), 0);
    for (int i = 0; i < 5; i++) {
      assertThat(breaker.record(true, true, false, 0)).isZero();
    }
    FailureAccrual share = new FailureAccrual.Unified(0.9, Duration.ofSeconds(10), 3, 0, BACKOFF);
    Breaker limited = new Breaker(share, new Random(1), 0);
    limited.record(true, true, false, 0);
    limited.record(true, true, false, 0);
    assertThat(limited.record(true, true, false, 0)).isPositive();
  }
}
