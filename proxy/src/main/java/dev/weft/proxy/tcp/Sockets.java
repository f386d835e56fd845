package dev.weft.proxy.tcp;

import dev.weft.proxy.config.SocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of every socket the data path uses: no Nagle, keep-alive on, reads on demand, half
 * closes told apart from closes, and few bytes queued for writing.
 *
 * <p>Source: facts/proxy.md 1.1.
 */
public final class Sockets {
  /**
   * Bytes queued in a channel at which it stops being writable, and at which it is so again. Two
   * TLS records; what bounds a relay's memory.
   */
  public static final WriteBufferWaterMark WRITE_QUEUE =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private Sockets() {}

  /** Sets the options of an accepted socket, or of one about to connect. On its loop. */
  public static void configure(Channel channel, SocketOptions options) {
    ChannelConfig config = channel.config();
    config.setAutoRead(false);
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setOption(ChannelOption.TCP_NODELAY, true);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    config.setWriteBufferWaterMark(WRITE_QUEUE);
    if (channel instanceof EpollSocketChannel) {
      setSeconds(config, EpollChannelOption.TCP_KEEPIDLE, options.keepAliveIdle());
      if (options.userTimeout() != null) {
        config.setOption(
            EpollChannelOption.TCP_USER_TIMEOUT,
            (int) Math.clamp(options.userTimeout().toMillis(), 1, Integer.MAX_VALUE));
      }
    }
  }

  private static void setSeconds(
      ChannelConfig config, ChannelOption<Integer> option, @Nullable Duration value) {
    if (value != null) {
      config.setOption(option, (int) Math.clamp(value.toSeconds(), 1, Integer.MAX_VALUE));
    }
  }

  /** Closes so that the peer sees a reset rather than an orderly end. On any thread. */
  public static void reset(Channel channel) {
    if (channel.isActive()) {
      try {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (RuntimeException _) {
        // The socket is gone already: there is nobody left to tell.
      }
    }
    channel.close();
  }
}
