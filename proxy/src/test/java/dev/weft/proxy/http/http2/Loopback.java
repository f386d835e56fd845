package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ExchangeHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event loop with real sockets on the loopback address, set up as the proxy sets them up. */
final class Loopback implements AutoCloseable {
  private final IoHandlerFactory io =
      Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, io);

  /** Listens on a free port; each connection gets a handler of its own. */
  InetSocketAddress listen(Http2Settings settings, Supplier<ExchangeHandler> handlers) {
    return listen(null, settings, handlers);
  }

  /** The same, with TLS when there is a context. */
  InetSocketAddress listen(
      @Nullable SslContext tls, Http2Settings settings, Supplier<ExchangeHandler> handlers) {
    ChannelHandler initializer =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            if (tls != null) {
              channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            channel.pipeline().addLast(new Http2ServerConnection(settings, handlers.get()));
          }
        };
    return (InetSocketAddress)
        new ServerBootstrap()
            .group(loop)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(initializer)
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel()
            .localAddress();
  }

  Http2ClientConnection connect(
      SocketAddress to, Http2Settings settings, ConnectionListener listener) {
    return connect(null, to, settings, listener);
  }

  Http2ClientConnection connect(
      @Nullable SslContext tls,
      SocketAddress to,
      Http2Settings settings,
      ConnectionListener listener) {
    Http2ClientConnection connection = new Http2ClientConnection(settings, listener);
    new Bootstrap()
        .group(loop)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (tls != null) {
                  channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(connection);
              }
            })
        .connect(to)
        .syncUninterruptibly();
    return connection;
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
