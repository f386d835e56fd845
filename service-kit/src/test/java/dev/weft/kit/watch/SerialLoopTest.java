package dev.weft.kit.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SerialLoopTest {
  @Test
  void execute_tasks_runInOrderOnTheLoop() throws Exception {
    try (SerialLoop loop = new SerialLoop("test-loop")) {
      List<Integer> order = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(1);
      for (int i = 0; i < 100; i++) {
        int n = i;
        loop.execute(() -> order.add(loop.inLoop() ? n : -1));
      }
      loop.execute(done::countDown);

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(order).hasSize(100).isSorted().doesNotContain(-1);
    }
  }

  @Test
  void execute_full_isRefusedWhilePutWaits() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    try (SerialLoop loop = new SerialLoop("test-loop", 1)) {
      loop.execute(
          () -> {
            started.countDown();
            awaitQuietly(release);
          });
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      loop.execute(() -> {});

      assertThatThrownBy(() -> loop.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("full");
      CountDownLatch ran = new CountDownLatch(1);
      Thread source = Thread.ofVirtual().start(() -> putQuietly(loop, ran::countDown));
      release.countDown();

      source.join();
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void execute_taskThrows_loopGoesOn() throws Exception {
    try (SerialLoop loop = new SerialLoop("test-loop")) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.execute(
          () -> {
            throw new IllegalStateException("fault in a task (expected by this test)");
          });
      loop.execute(ran::countDown);

      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void execute_afterClose_isRefused() {
    SerialLoop loop = new SerialLoop("test-loop");
    loop.close();

    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void putQuietly(SerialLoop loop, Runnable task) {
    try {
      loop.put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
