package dev.weft.proxy.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class FailOnLeakTest {
  @Test
  void buffer_neverReleased_isReported() {
    leak();
    assertThatThrownBy(FailOnLeak::check).hasMessageContaining("never released");
  }

  private static void leak() {
    PooledByteBufAllocator.DEFAULT.buffer(16).writeInt(1);
  }
}
