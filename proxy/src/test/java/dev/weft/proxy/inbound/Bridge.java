package dev.weft.proxy.inbound;

import dev.weft.proxy.config.SocketOptions;
import dev.weft.proxy.detect.Parked;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.tcp.Relay;
import dev.weft.proxy.tcp.Sockets;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A peer's proxy reduced to its sockets: what a test writes to a plain socket goes out over mesh
 * TLS.
 */
final class Bridge implements AutoCloseable {
  private final Loops loops;
  private final Supplier<InetSocketAddress> proxy;
  private final Way way;
  private final Channel listener;

  /**
   * How to connect.
   *
   * @param tls of the client
   * @param serverName the SNI, and the identity the proxy must show
   * @param offerTransport whether to offer the transport protocol
   * @param opening what to send first, or null
   */
  record Way(
      MeshTls tls,
      String serverName,
      boolean offerTransport,
      @Nullable Function<Channel, ByteBuf> opening) {}

  Bridge(Loops loops, Supplier<InetSocketAddress> proxy, Way way) {
    this.loops = loops;
    this.proxy = proxy;
    this.way = way;
    EventLoop loop = loops.workers().getFirst();
    listener =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(loops.serverChannel())
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new Accept())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
  }

  private final class Accept extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel local) {
      Sockets.configure(local, SocketOptions.DEFAULT);
      Parked parked = new Parked();
      local.pipeline().addLast(parked);
      new Bootstrap()
          .group(local.eventLoop())
          .channel(loops.socketChannel())
          .option(ChannelOption.AUTO_READ, false)
          .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
          .handler(new Secure(local, parked))
          .connect(proxy.get())
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  var _ = local.close();
                }
              });
    }
  }

  private final class Secure extends ChannelInitializer<Channel> {
    private final Channel local;
    private final Parked localHeld;

    Secure(Channel local, Parked localHeld) {
      this.local = local;
      this.localHeld = localHeld;
    }

    @Override
    protected void initChannel(Channel remote) {
      Sockets.configure(remote, SocketOptions.DEFAULT);
      SslHandler tls =
          way.tls.clientHandler(
              remote.alloc(), way.serverName, PeerId.dns(way.serverName), way.offerTransport);
      Parked held = new Parked();
      remote.pipeline().addLast(tls).addLast(held);
      tls.handshakeFuture().addListener(done -> secured(remote, held, done));
    }

    private void secured(Channel remote, Parked held, Future<?> handshake) {
      if (!handshake.isSuccess()) {
        var _ = local.close();
        return;
      }
      if (way.opening != null) {
        var _ = remote.writeAndFlush(way.opening.apply(remote));
      }
      Relay relay = new Relay(local, remote, _ -> {});
      localHeld.proceed();
      held.proceed();
      relay.start();
    }
  }
}
