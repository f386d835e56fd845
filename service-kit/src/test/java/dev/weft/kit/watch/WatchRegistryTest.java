package dev.weft.kit.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WatchRegistryTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private final WatchRegistry<String, Integer> registry =
      new WatchRegistry<>(Duration.ofSeconds(10));

  @Test
  void watch_sameKeyTwice_sharesOneValueComputedOnce() {
    AtomicInteger computed = new AtomicInteger();

    Published<Integer> first = registry.watch("a", _ -> computed.incrementAndGet());
    Published<Integer> second = registry.watch("a", _ -> computed.incrementAndGet());

    assertThat(second).isSameAs(first);
    assertThat(computed).hasValue(1);
  }

  @Test
  void sweep_idleForTheWholeGrace_forgets() {
    registry.watch("a", _ -> 1);

    assertThat(registry.sweep(0)).isEmpty();
    assertThat(registry.sweep(9 * SECOND)).isEmpty();
    assertThat(registry.sweep(10 * SECOND)).containsExactly("a");
    assertThat(registry.find("a")).isNull();
  }

  @Test
  void sweep_watchedAgainMeanwhile_startsTheGraceAnew() {
    Published<Integer> published = registry.watch("a", _ -> 1);
    registry.sweep(0);
    Published.Subscription subscription = published.subscribe(() -> {});
    assertThat(registry.sweep(20 * SECOND)).isEmpty();
    subscription.close();

    assertThat(registry.sweep(21 * SECOND)).isEmpty();
    assertThat(registry.sweep(30 * SECOND)).isEmpty();
    assertThat(registry.sweep(31 * SECOND)).containsExactly("a");
  }
}
