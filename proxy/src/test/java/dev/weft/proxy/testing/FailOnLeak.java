package dev.weft.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty reports buffers that were never released:
 * {@code @ExtendWith(FailOnLeak.class)}, or {@link #check} from elsewhere. What a class before it
 * in the same JVM leaked is reported here as well, with the traces that name it.
 */
public final class FailOnLeak implements AfterAllCallback {
  private static final Duration COLLECTION_TIMEOUT = Duration.ofSeconds(10);

  @Override
  public void afterAll(ExtensionContext context) {
    check();
  }

  /** Collects garbage and fails if buffers were among it that had not been released. */
  public static void check() {
    List<String> reports = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      collect();
      // The detector looks at what was collected when the next buffer is tracked.
      ByteBuf probe = ByteBufAllocator.DEFAULT.buffer(1);
      probe.release();
      reports.addAll(RecordingLeakDetector.takeReports());
    }
    assertThat(reports).as("buffers that were never released").isEmpty();
  }

  private static void collect() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    long deadline = System.nanoTime() + COLLECTION_TIMEOUT.toNanos();
    while (garbage.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
  }
}
