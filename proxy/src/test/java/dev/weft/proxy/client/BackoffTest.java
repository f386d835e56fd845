package dev.weft.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final long MS = 1_000_000;

  @Test
  void next_withoutJitter_doublesUpToMax() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(700), 0, new Random(1));
    assertThat(
            new long[] {
              backoff.nextNanos(), backoff.nextNanos(), backoff.nextNanos(), backoff.nextNanos(),
            })
        .containsExactly(100 * MS, 200 * MS, 400 * MS, 700 * MS);
    backoff.reset();
    assertThat(backoff.nextNanos()).isEqualTo(100 * MS);
  }

  @Property(tries = 100)
  void next_withJitter_staysBetweenBaseAndMax(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 100) double jitter) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60), jitter, new Random(seed));
    long base = 100 * MS;
    for (int i = 0; i < 15; i++) {
      assertThat(backoff.nextNanos()).isBetween(Math.min(base, 60_000 * MS), 60_000 * MS);
      base *= 2;
    }
  }
}
