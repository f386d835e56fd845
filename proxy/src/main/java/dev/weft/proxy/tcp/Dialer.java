package dev.weft.proxy.tcp;

import dev.weft.proxy.config.ConnectConfig;
import dev.weft.proxy.config.SocketOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;

/**
 * Opens TCP connections, each on the loop of the connection it is for. Thread-safe.
 *
 * <p>A dialled channel has no handlers, {@code AUTO_READ} off and half closure allowed; see {@link
 * Sockets}. It belongs to whoever asked for it. The timeout covers the TCP connect alone: whoever
 * adds a TLS handshake bounds that.
 */
public final class Dialer {
  private final Class<? extends SocketChannel> channelClass;
  private final ConnectConfig config;
  private final LoopbackRule loopback;

  /** Whether loopback addresses may be dialled. */
  public enum LoopbackRule {
    /** Towards applications, and in explicit mode. */
    ALLOWED,
    /** Outbound: a name that leads to the proxy's own host must not reach its services. */
    REFUSED
  }

  /**
   * A dialler.
   *
   * @param channelClass the kind of channel that fits the loops given to {@link #dial}
   */
  public Dialer(
      Class<? extends SocketChannel> channelClass, ConnectConfig config, LoopbackRule loopback) {
    this.channelClass = channelClass;
    this.config = config;
    this.loopback = loopback;
  }

  /**
   * Connects.
   *
   * @param loop where the channel lives; the result completes there
   * @return the channel, or a {@link DialException}
   */
  public Future<Channel> dial(EventLoop loop, InetSocketAddress address) {
    Promise<Channel> result = loop.newPromise();
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("address " + address + " is not resolved");
    }
    if (loopback == LoopbackRule.REFUSED && address.getAddress().isLoopbackAddress()) {
      return result.setFailure(
          DialException.forbidden(address, "loopback addresses are not dialled"));
    }
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(channelClass)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.clamp(config.timeout().toMillis(), 1, Integer.MAX_VALUE))
            // Before the connection exists, so that nothing is read unasked.
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(new Configure(config.options()))
            .connect(address);
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            result.tryFailure(failure(address, done.cause()));
          } else if (!result.trySuccess(connected.channel())) {
            connected.channel().close();
          }
        });
    return result;
  }

  private DialException failure(InetSocketAddress address, Throwable cause) {
    return cause instanceof ConnectTimeoutException
        ? DialException.timeout(config.timeout())
        : DialException.io(address, cause);
  }

  /** Sets socket options once the channel has a socket, then leaves. */
  private static final class Configure extends ChannelInboundHandlerAdapter {
    private final SocketOptions options;

    Configure(SocketOptions options) {
      this.options = options;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      Sockets.configure(ctx.channel(), options);
      ctx.pipeline().remove(this);
    }
  }
}
