package dev.weft.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PowerOfTwoChoicesTest {
  private static Candidate<Integer> candidate(int id) {
    return new Candidate<>(id, LoadParams.DEFAULT, 0);
  }

  private static PowerOfTwoChoices<Integer> balancer(long seed) {
    return new PowerOfTwoChoices<>(new Random(seed));
  }

  @Test
  void pick_withoutReady_isNull() {
    assertThat(balancer(1).pick(0)).isNull();
  }

  @Test
  void pick_withOneReady_isThatOne() {
    PowerOfTwoChoices<Integer> balancer = balancer(1);
    Candidate<Integer> only = candidate(1);
    balancer.ready(only);
    assertThat(balancer.pick(0)).isSameAs(only);
    assertThat(balancer.pickOther(only, 0)).isNull();
  }

  @Test
  void pick_ofTwo_isTheLessLoaded() {
    PowerOfTwoChoices<Integer> balancer = balancer(1);
    Candidate<Integer> busy = candidate(1);
    Candidate<Integer> idle = candidate(2);
    balancer.ready(busy);
    balancer.ready(idle);
    busy.load().start();
    for (int i = 0; i < 50; i++) {
      assertThat(balancer.pick(0)).isSameAs(idle);
    }
  }

  @Test
  void pick_onTie_reachesEveryCandidate() {
    PowerOfTwoChoices<Integer> balancer = balancer(7);
    for (int i = 0; i < 8; i++) {
      balancer.ready(candidate(i));
    }
    Map<Integer, Integer> picks = new HashMap<>();
    for (int i = 0; i < 8_000; i++) {
      picks.merge(balancer.pick(0).target(), 1, Integer::sum);
    }
    assertThat(picks).hasSize(8);
    assertThat(picks.values()).allSatisfy(n -> assertThat(n).isBetween(700, 1_300));
  }

  @Test
  void unready_candidateOfAnotherBalancer_isRefused() {
    PowerOfTwoChoices<Integer> mine = balancer(1);
    PowerOfTwoChoices<Integer> other = balancer(2);
    Candidate<Integer> candidate = candidate(1);
    other.ready(candidate);
    assertThatThrownBy(() -> mine.unready(candidate)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void picks_underRandomChanges_areAlwaysReadyAndNeverTheWorst(
      @ForAll long seed,
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 39) Integer> operations) {
    PowerOfTwoChoices<Integer> balancer = balancer(seed);
    List<Candidate<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(candidate(i));
    }
    Set<Integer> ready = new HashSet<>();
    for (int operation : operations) {
      Candidate<Integer> candidate = all.get(operation % 10);
      switch (operation / 10) {
        case 0 -> {
          balancer.ready(candidate);
          ready.add(candidate.target());
        }
        case 1 -> {
          balancer.unready(candidate);
          ready.remove(candidate.target());
        }
        case 2 -> candidate.load().start();
        default -> {
          Candidate<Integer> picked = balancer.pick(0);
          if (ready.isEmpty()) {
            assertThat(picked).isNull();
          } else {
            assertThat(ready).contains(picked.target());
            assertNotStrictlyWorst(picked, all, ready);
            Candidate<Integer> other = balancer.pickOther(picked, 0);
            assertThat(other == null).isEqualTo(ready.size() == 1);
            if (other != null) {
              assertThat(other).isNotSameAs(picked);
              assertThat(ready).contains(other.target());
            }
          }
        }
      }
      assertThat(balancer.readyCount()).isEqualTo(ready.size());
      assertThat(all)
          .allSatisfy(c -> assertThat(c.isReady()).isEqualTo(ready.contains(c.target())));
    }
  }

  private static void assertNotStrictlyWorst(
      Candidate<Integer> picked, List<Candidate<Integer>> all, Set<Integer> ready) {
    if (ready.size() < 2) {
      return;
    }
    assertThat(all)
        .filteredOn(c -> ready.contains(c.target()) && c != picked)
        .anySatisfy(
            c -> assertThat(c.load().load(0)).isGreaterThanOrEqualTo(picked.load().load(0)));
  }
}
