package dev.weft.proxy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.config.IoTransport;
import io.netty.channel.EventLoop;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopsTest {

  @ParameterizedTest
  @EnumSource(
      value = IoTransport.class,
      names = {"NIO", "EPOLL"})
  void indexOf_eachWorker_isItsPlace(IoTransport transport) {
    try (Loops loops = Loops.start(transport, 2)) {
      List<EventLoop> workers = loops.workers();

      assertThat(workers).hasSize(2);
      assertThat(loops.indexOf(workers.get(0))).isEqualTo(0);
      assertThat(loops.indexOf(workers.get(1))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(value = IoTransport.class, names = "NIO")
  void indexOf_adminLoop_isRefused(IoTransport transport) {
    try (Loops loops = Loops.start(transport, 1)) {
      assertThatThrownBy(() -> loops.indexOf(loops.admin()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
