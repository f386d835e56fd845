package dev.weft.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.ConnectConfig;
import dev.weft.proxy.config.SocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialerTest {
  private final EventLoop loop = SocketPair.LOOPS.workers().getFirst();

  private Dialer dialer(Dialer.LoopbackRule rule, Duration timeout) {
    ConnectConfig config =
        new ConnectConfig(
            timeout,
            new SocketOptions(Duration.ofSeconds(17), Duration.ofSeconds(9)),
            new BackoffConfig(Duration.ofMillis(1), Duration.ofMillis(2), 0));
    return new Dialer(SocketPair.LOOPS.socketChannel(), config, rule);
  }

  @Test
  void dial_listeningPeer_givesAQuietChannelOnTheLoopAskedFor() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Channel channel =
          dialer(Dialer.LoopbackRule.ALLOWED, Duration.ofSeconds(5))
              .dial(loop, (InetSocketAddress) server.getLocalSocketAddress())
              .get(5, TimeUnit.SECONDS);
      assertThat(channel.eventLoop()).isSameAs(loop);
      assertThat(channel.config().isAutoRead()).isFalse();
      assertThat(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE)).isTrue();
      assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
      assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
      if (channel instanceof EpollSocketChannel) {
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(17);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
            .isEqualTo(9_000);
      }
      channel.close().sync();
    }
  }

  @Test
  void dial_closedPort_failsWithErrno() throws Exception {
    InetSocketAddress closed;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = (InetSocketAddress) server.getLocalSocketAddress();
    }
    DialException failure =
        failure(dialer(Dialer.LoopbackRule.ALLOWED, Duration.ofSeconds(5)), closed);
    assertThat(failure.kind()).isEqualTo(DialException.Kind.IO);
    assertThat(failure).hasMessageContaining("cause: ECONNREFUSED");
  }

  @Test
  void dial_loopbackWhereRefused_isForbidden() throws Exception {
    DialException failure =
        failure(
            dialer(Dialer.LoopbackRule.REFUSED, Duration.ofSeconds(5)),
            new InetSocketAddress("127.0.0.1", 9));
    assertThat(failure.kind()).isEqualTo(DialException.Kind.FORBIDDEN);
    assertThat(failure).hasMessageContaining("127.0.0.1:9");
  }

  @Test
  void dial_fullBacklog_timesOut() throws Exception {
    // A full accept queue drops further SYNs: the same silence as a host that is gone.
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      Dialer dialer = dialer(Dialer.LoopbackRule.ALLOWED, Duration.ofMillis(300));
      java.util.List<Channel> fillers = new java.util.ArrayList<>();
      DialException failure = null;
      for (int i = 0; i < 16 && failure == null; i++) {
        Future<Channel> dialled = dialer.dial(loop, address).await();
        if (dialled.isSuccess()) {
          fillers.add(dialled.getNow());
        } else {
          failure = (DialException) dialled.cause();
        }
      }
      for (Channel filler : fillers) {
        filler.close().sync();
      }
      assertThat(failure).isNotNull().hasMessage("connect timed out after 300ms");
      assertThat(failure.kind()).isEqualTo(DialException.Kind.TIMEOUT);
    }
  }

  private DialException failure(Dialer dialer, InetSocketAddress address) throws Exception {
    Future<Channel> dialled = dialer.dial(loop, address).await();
    assertThat(dialled.isSuccess()).isFalse();
    return (DialException) dialled.cause();
  }
}
