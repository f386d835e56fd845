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
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeshTlsTest {
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterAll
  static void stop() {
    LOOPS.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final TestMesh mesh = new TestMesh();

  @AfterEach
  void close() {
    mesh.close();
  }

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

  @Test
  void handshake_ofAClientThatWouldResume_isFull() throws Exception {
    List<X509Certificate> checked = new CopyOnWriteArrayList<>();
    Credentials web = mesh.credentials("web.default");
    SslContext resuming =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3")
            .keyManager(web.key(), web.chain())
            .trustManager(new Noting(checked))
            .build();
    MeshTls api = mesh.tls("api.default");
    for (int i = 0; i < 2; i++) {
      Outcome outcome =
          shake(
              () -> api.serverHandler(ByteBufAllocator.DEFAULT, true),
              () -> resuming.newHandler(ByteBufAllocator.DEFAULT, "api.default", 1));

      assertThat(outcome.server.identity())
          .as("handshake %d", i)
          .isEqualTo(PeerId.dns("web.default"));
    }
    assertThat(checked).as("a resumed handshake shows no leaf of the server").hasSize(2);
  }

  /** Takes every server and notes its leaf. */
  private record Noting(List<X509Certificate> leaves) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException("of a client only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      leaves.add(chain[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * @param client null for a client that is no proxy
   */
  record Outcome(@Nullable PeerTls client, PeerTls server) {}

  private Outcome handshake(
      MeshTls server, boolean direct, MeshTls client, String sni, String expected, boolean offer)
      throws Exception {
    return shake(
        () -> server.serverHandler(ByteBufAllocator.DEFAULT, direct),
        () -> client.clientHandler(ByteBufAllocator.DEFAULT, sni, PeerId.dns(expected), offer));
  }

  private static Outcome shake(Supplier<SslHandler> server, Supplier<SslHandler> client)
      throws Exception {
    CompletableFuture<Optional<PeerTls>> served = new CompletableFuture<>();
    CompletableFuture<Optional<PeerTls>> connected = new CompletableFuture<>();
    Channel listener =
        new ServerBootstrap()
            .group(LOOPS)
            .channel(NioServerSocketChannel.class)
            .childHandler(initializer(server, served, true))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    Channel channel =
        new Bootstrap()
            .group(LOOPS)
            .channel(NioSocketChannel.class)
            .handler(initializer(client, connected, false))
            .connect(listener.localAddress())
            .sync()
            .channel();
    try {
      return new Outcome(
          connected.get(10, TimeUnit.SECONDS).orElse(null),
          served.get(10, TimeUnit.SECONDS).orElseThrow());
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
      Supplier<SslHandler> handlers, CompletableFuture<Optional<PeerTls>> result, boolean greets) {
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
                    result.complete(PeerTls.of(channel));
                  }
                });
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess() && greets) {
                    result.complete(PeerTls.of(channel));
                    var _ = channel.writeAndFlush(channel.alloc().buffer(1).writeByte('!'));
                  } else if (!done.isSuccess()) {
                    result.completeExceptionally(done.cause());
                  }
                });
      }
    };
  }
}
