package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.FakeCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class CheckRunnerTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final List<String> seen = new ArrayList<>();
  private final CheckReport report =
      new CheckReport() {
        @Override
        public void waiting(Check check, String reason) {
          seen.add("waiting: " + reason);
        }

        @Override
        public void found(Category category, Check check, Result result) {
          seen.add(check.id() + " " + result.getClass().getSimpleName());
        }

        @Override
        public void end(boolean good) {}
      };

  private boolean run(Duration patience, Check... checks) throws InterruptedException {
    CheckRunner runner =
        new CheckRunner(now::get, time -> now.updateAndGet(t -> t.plus(time)), patience);
    CheckSettings settings =
        new CheckSettings(
            CheckMode.DEFAULT, "linkerd", "linkerd-cni", "", "dev", Optional.empty(), false);
    try (CheckContext context = new CheckContext(settings, FakeCluster::new, now::get)) {
      return runner.run(List.of(Category.always("category", checks)), context, report);
    }
  }

  private static Check bad(String id) {
    return Check.of(id, "description", _ -> Result.failed("broken"));
  }

  private static Check good(String id) {
    return Check.of(id, "description", _ -> Result.ok());
  }

  @Test
  void failure_thatIsFatal_endsTheRun() throws InterruptedException {
    assertThat(run(Duration.ZERO, bad("a").fatal(), good("b"))).isFalse();
    assertThat(seen).containsExactly("a Failed");
  }

  @Test
  void failure_thatIsNotFatal_letsTheOthersRun() throws InterruptedException {
    assertThat(run(Duration.ZERO, bad("a"), good("b"))).isFalse();
    assertThat(seen).containsExactly("a Failed", "b Ok");
  }

  @Test
  void failure_thatIsAWarning_doesNotCount() throws InterruptedException {
    assertThat(run(Duration.ZERO, bad("a").warning(), good("b"))).isTrue();
  }

  @Test
  void failure_thatMayBeRepeated_isUntilItSucceeds() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    Check third =
        Check.of(
                "a",
                "description",
                _ -> calls.incrementAndGet() < 3 ? Result.failed("not yet") : Result.ok())
            .fatal()
            .retried();

    assertThat(run(Duration.ofMinutes(1), third)).isTrue();
    assertThat(seen).containsExactly("waiting: not yet", "waiting: not yet", "a Ok");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plus(CheckRunner.PAUSE.multipliedBy(2)));
  }

  @Test
  void patience_isSharedByAllChecks() throws InterruptedException {
    assertThat(run(Duration.ofSeconds(12), bad("a").retried(), bad("b").retried())).isFalse();
    assertThat(seen).containsExactly("waiting: broken", "waiting: broken", "a Failed", "b Failed");
  }

  @Test
  void clusterThatRefuses_isAFailureWithItsReason() throws InterruptedException {
    Check check =
        Check.of(
            "a",
            "description",
            _ -> {
              throw new ClusterException(403, "forbidden");
            });

    assertThat(run(Duration.ZERO, check)).isFalse();
    assertThat(seen).containsExactly("a Failed");
  }
}
