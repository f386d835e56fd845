package dev.weft.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.testing.TestMesh;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MeshTlsTest {
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterAll
  static void stop() {
    LOOPS.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final TestMesh mesh = new TestMesh();

  @Test
  void handshake_betweenTwoProxies_negotiatesHybridGroupAndKnowsBothIdentities() throws Exception {
    MeshTls web = mesh.tls("web.default");
    MeshTls api = mesh.tls("api.default");
    Outcome outcome = handshake(api, false, web, "api.default", "api.default", true);

    assertThat(outcome.client.identity()).isEqualTo(PeerId.dns("api.default"));
    assertThat(outcome.client.version()).isEqualTo("TLSv1.3");
    assertThat(outcome.client.group()).isEqualTo("X25519MLKEM768");
    assertThat(outcome.client.alpn()).isNull();
    assertThat(outcome.server.identity()).isEqualTo(PeerId.dns("web.default"));
    assertThat(outcome.server.group()).isEqualTo("X25519MLKEM768");
  }

  @Test
  void handshake_repeated_isNeverResumed_soTheServerKnowsItsClientEachTime() throws Exception {
    MeshTls web = mesh.tls("web.default");
    MeshTls api = mesh.tls("api.default");
    for (int i = 0; i < 5; i++) {
      Outcome outcome = handshake(api, true, web, "api.default", "api.default", true);

      assertThat(outcome.server.identity())
          .as("handshake %d", i)
          .isEqualTo(PeerId.dns("web.default"));
      assertThat(outcome.client.identity()).isEqualTo(PeerId.dns("api.default"));
    }
  }

  record Outcome(PeerTls client, PeerTls server) {}

  private Outcome handshake(
      MeshTls server, boolean direct, MeshTls client, String sni, String expected, boolean offer)
      throws Exception {
    CompletableFuture<PeerTls> served = new CompletableFuture<>();
    CompletableFuture<PeerTls> connected = new CompletableFuture<>();
    Channel listener =
        new ServerBootstrap()
            .group(LOOPS)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                initializer(
                    () -> server.serverHandler(ByteBufAllocator.DEFAULT, direct), served, true))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    Channel channel =
        new Bootstrap()
            .group(LOOPS)
            .channel(NioSocketChannel.class)
            .handler(
                initializer(
                    () ->
                        client.clientHandler(
                            ByteBufAllocator.DEFAULT, sni, PeerId.dns(expected), offer),
                    connected,
                    false))
            .connect(listener.localAddress())
            .sync()
            .channel();
    try {
      return new Outcome(connected.get(10, TimeUnit.SECONDS), served.get(10, TimeUnit.SECONDS));
    } finally {
      channel.close().sync();
      listener.close().sync();
    }
  }

  /**
   * The server greets with one byte, and the client is done when it has that: whatever a server
   * sends right behind its handshake, such as session tickets, has then arrived.
   */
  private static ChannelInitializer<Channel> initializer(
      Supplier<SslHandler> handlers, CompletableFuture<PeerTls> result, boolean greets) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        SslHandler handler = handlers.get();
        channel.pipeline().addLast(handler);
        channel
            .pipeline()
            .addLast(
                new SimpleChannelInboundHandler<ByteBuf>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf greeting) {
                    result.complete(PeerTls.of(channel).orElseThrow());
                  }
                });
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess() && greets) {
                    result.complete(PeerTls.of(channel).orElseThrow());
                    channel.writeAndFlush(channel.alloc().buffer(1).writeByte('!'));
                  } else if (!done.isSuccess()) {
                    result.completeExceptionally(done.cause());
                  }
                });
      }
    };
  }
}
