package dev.weft.proxy.inbound;

import dev.weft.proxy.config.SocketOptions;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.tcp.Relay;
import dev.weft.proxy.tcp.Sockets;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer's proxy reduced to its socket: what a test writes to a plain socket goes out over mesh
 * TLS.
 */
final class Bridge {
  private Bridge() {}

  /**
   * Connects to a proxy as another would.
   *
   * @param expected the identity the proxy must show; also sent as SNI
   * @param header sent first, or null to offer no transport protocol
   */
  static Socket connect(
      Loops loops,
      InetSocketAddress proxy,
      MeshTls tls,
      String expected,
      @Nullable TransportHeader header,
      CompletableFuture<PeerTls> handshake)
      throws Exception {
    EventLoop loop = loops.workers().getFirst();
    Channel listener =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(loops.serverChannel())
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel local) {
                    Sockets.configure(local, SocketOptions.DEFAULT);
                    open(loops, proxy, tls, expected, header, handshake, local);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    try {
      Socket socket = new Socket();
      socket.connect(listener.localAddress(), 5_000);
      socket.setSoTimeout(10_000);
      handshake.handle((_, _) -> null).get(10, TimeUnit.SECONDS);
      return socket;
    } finally {
      listener.close().sync();
    }
  }

  private static void open(
      Loops loops,
      InetSocketAddress proxy,
      MeshTls tls,
      String expected,
      @Nullable TransportHeader header,
      CompletableFuture<PeerTls> handshake,
      Channel local) {
    SslHandler handler =
        tls.clientHandler(local.alloc(), expected, PeerId.dns(expected), header != null);
    new Bootstrap()
        .group(local.eventLoop())
        .channel(loops.socketChannel())
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                Sockets.configure(channel, SocketOptions.DEFAULT);
                channel.pipeline().addLast(handler);
                handler.handshakeFuture().addListener(this::shaken);
              }

              private void shaken(Future<? super Channel> done) {
                if (!done.isSuccess()) {
                  handshake.completeExceptionally(done.cause());
                  local.close();
                  return;
                }
                Channel remote = (Channel) done.getNow();
                Relay relay = new Relay(local, remote, _ -> {});
                if (header != null && PeerTls.of(remote).orElseThrow().transportNegotiated()) {
                  remote.writeAndFlush(header.encode(remote.alloc()));
                }
                relay.start();
                handshake.complete(PeerTls.of(remote).orElseThrow());
              }
            })
        .connect(proxy);
  }
}
