package dev.weft.proxy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.weft.proxy.config.IoTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

  @ParameterizedTest
  @EnumSource(
      value = IoTransport.class,
      names = {"NIO", "EPOLL"})
  void close_whileALoopRunsTasks_closesItsSockets(IoTransport transport) throws Exception {
    Loops loops = Loops.start(transport, 1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Bootstrap()
          .group(loops.workerGroup())
          .channel(loops.socketChannel())
          .handler(new ChannelInboundHandlerAdapter())
          .connect(server.getLocalSocketAddress())
          .sync();
      try (Socket peer = server.accept()) {
        peer.setSoTimeout(10_000);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        loops
            .workers()
            .getFirst()
            .execute(
                () -> {
                  busy.countDown();
                  Uninterruptibles.awaitUninterruptibly(told);
                });
        busy.await();
        Thread closing = Thread.ofVirtual().start(loops::close);
        await().until(() -> loops.workerGroup().isShuttingDown());
        told.countDown();
        closing.join();

        assertThat(peer.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
