package dev.weft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoadTest {
  @Test
  void load_someRequestsFail_countsAndKeepsThem() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    Load load =
        Load.start(
            1,
            0,
            List.of(
                () ->
                    calls.incrementAndGet() == 2
                        ? new Outcome(false, "503 no")
                        : new Outcome(true, "api-1: hello")));
    await().until(() -> load.sent() >= 3);
    load.close();

    assertThat(load.failed()).isEqualTo(1);
    assertThat(load.failures()).containsExactly("503 no");
    assertThat(load.answersOf("api-1")).isEqualTo(load.sent() - 1);
    assertThat(load.answersOf("api-2")).isZero();
  }
}
