package dev.weft.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Where traffic goes: a simulation in which every endpoint answers after the same time and a fixed
 * number of requests is under way.
 */
final class TrafficSharesTest {
  private static final int UNDER_WAY = 24;
  private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final PowerOfTwoChoices<String> balancer = new PowerOfTwoChoices<>(new Random(42));
  private final List<Candidate<String>> candidates = new ArrayList<>();
  private final PriorityQueue<Answer> answers =
      new PriorityQueue<>(Comparator.comparingLong(Answer::atNanos));
  private long nowNanos;

  private record Answer(Candidate<String> from, long atNanos) {}

  private void add(String name, double share, Duration warmUp) {
    Candidate<String> added =
        new Candidate<>(name, LoadParams.DEFAULT, new Share(share, warmUp), nowNanos);
    candidates.add(added);
    balancer.ready(added);
  }

  /** Which part of the traffic of so long each of them gets. */
  private Map<String, Double> run(Duration time) {
    Map<String, Integer> taken = new HashMap<>();
    long end = nowNanos + time.toNanos();
    int total = 0;
    while (nowNanos < end) {
      while (answers.size() < UNDER_WAY) {
        Candidate<String> chosen = balancer.pick(nowNanos);
        if (chosen == null) {
          throw new AssertionError("all are ready");
        }
        chosen.load().start();
        // A little apart, as they are outside of simulations.
        answers.add(new Answer(chosen, nowNanos + ANSWER_NANOS + answers.size() * 1_000));
        taken.merge(chosen.target(), 1, Integer::sum);
        total++;
      }
      Answer next = answers.remove();
      nowNanos = next.atNanos();
      next.from().load().finish(ANSWER_NANOS, nowNanos);
    }
    Map<String, Double> parts = new HashMap<>();
    for (Candidate<String> candidate : candidates) {
      parts.put(candidate.target(), taken.getOrDefault(candidate.target(), 0) / (double) total);
    }
    return parts;
  }

  @Test
  void equalShares_getEqualTraffic() {
    add("a", 1, Duration.ZERO);
    add("b", 1, Duration.ZERO);
    add("c", 1, Duration.ZERO);
    assertThat(run(Duration.ofSeconds(60)).values())
        .allSatisfy(part -> assertThat(part).isBetween(0.30, 0.37));
  }

  @Test
  void heavierShare_getsMoreTraffic() {
    add("heavy", 2, Duration.ZERO);
    add("light", 1, Duration.ZERO);
    Map<String, Double> parts = run(Duration.ofSeconds(60));
    assertThat(parts.get("heavy") / parts.get("light")).isBetween(1.7, 2.5);
  }

  @Test
  void otherZone_withAQuarterOfTheShare_getsAboutAQuarter() {
    add("near-1", 1, Duration.ZERO);
    add("near-2", 1, Duration.ZERO);
    add("far", 0.25, Duration.ZERO);
    Map<String, Double> parts = run(Duration.ofSeconds(60));
    assertThat(parts.get("far") / parts.get("near-1")).isBetween(0.12, 0.35);
    assertThat(parts.get("far")).isPositive();
  }

  @Test
  void newCandidate_getsItsShareByAndBy() {
    Duration warmUp = Duration.ofSeconds(10);
    add("a", 1, warmUp);
    add("b", 1, warmUp);
    add("c", 1, warmUp);
    run(Duration.ofSeconds(30));
    add("new", 1, warmUp);
    double first = run(Duration.ofSeconds(1)).get("new");
    double second = run(Duration.ofSeconds(4)).get("new");
    run(Duration.ofSeconds(5));
    double warm = run(Duration.ofSeconds(30)).get("new");
    assertThat(first).isBetween(0.001, 0.10);
    assertThat(second).isBetween(first, 0.20);
    assertThat(warm).isBetween(0.22, 0.28);
  }

  @Test
  void candidatesThatAllBegin_shareEvenly() {
    Duration warmUp = Duration.ofSeconds(10);
    add("a", 1, warmUp);
    add("b", 1, warmUp);
    assertThat(run(Duration.ofSeconds(5)).get("a")).isBetween(0.45, 0.55);
  }

  @Test
  void newCandidate_withoutWarmUp_getsItsShareAtOnce() {
    add("a", 1, Duration.ZERO);
    add("b", 1, Duration.ZERO);
    add("c", 1, Duration.ZERO);
    run(Duration.ofSeconds(30));
    add("new", 1, Duration.ZERO);
    assertThat(run(Duration.ofSeconds(1)).get("new")).isGreaterThan(0.20);
  }
}
