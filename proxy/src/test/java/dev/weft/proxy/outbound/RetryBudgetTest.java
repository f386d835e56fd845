package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private static int drain(RetryBudget budget, long nowNanos) {
    int taken = 0;
    while (budget.withdraw(nowNanos)) {
      taken++;
    }
    return taken;
  }

  @Test
  void reserve_isThereWithoutRequests() {
    RetryBudget budget = new RetryBudget(Duration.ofSeconds(10), 2, 0.2, 0);
    assertThat(drain(budget, 0)).isEqualTo(20);
  }

  @Test
  void requests_addTheirShare() {
    RetryBudget budget = new RetryBudget(Duration.ofSeconds(10), 0, 0.25, 0);
    assertThat(budget.withdraw(0)).isFalse();
    for (int i = 0; i < 100; i++) {
      budget.deposit(0);
    }
    assertThat(drain(budget, 0)).isEqualTo(25);
  }

  @Test
  void requests_olderThanTheWindow_countNoMore() {
    RetryBudget budget = new RetryBudget(Duration.ofSeconds(10), 0, 1, 0);
    budget.deposit(0);
    assertThat(budget.withdraw(11 * SECOND)).isFalse();
  }

  @Test
  void retries_olderThanTheWindow_countNoMore() {
    RetryBudget budget = new RetryBudget(Duration.ofSeconds(10), 1, 0, 0);
    assertThat(drain(budget, 0)).isEqualTo(10);
    assertThat(drain(budget, 5 * SECOND)).isZero();
    assertThat(drain(budget, 12 * SECOND)).isEqualTo(10);
  }
}
