package dev.weft.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MeshSslContextsTest {
  private static final EventLoopGroup LOOPS = new DefaultEventLoopGroup(1);
  private static final String SERVER = "server.test";

  private final Pair root = TestPki.root("root");
  private final TrustAnchors anchors = new TrustAnchors(List.of(root.certificate()));
  private final Pair client = TestPki.leaf(root, Spec.authority("client"), "client.test");

  @AfterAll
  static void end() {
    LOOPS.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** A client which offers to resume is shown none of it, or the server would not learn of it. */
  @Test
  void secondHandshake_ofAClientThatResumes_isFullAndShowsItsCertificate() throws Exception {
    Pair leaf = TestPki.leaf(root, Spec.authority("server"), SERVER);
    SslContext server =
        MeshSslContexts.server(
            new Credentials(leaf.keys().getPrivate(), List.of(leaf.certificate())),
            MeshTrustManager.ofServer(anchors, Clock.systemUTC()));
    List<X509Certificate> checked = new CopyOnWriteArrayList<>();
    SslContext resuming =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3")
            .keyManager(client.keys().getPrivate(), client.certificate())
            .trustManager(new Noting(checked))
            .build();

    List<Certificate> first = shownIn(server, resuming);
    List<Certificate> second = shownIn(server, resuming);

    assertThat(first).containsExactly(client.certificate());
    assertThat(second).containsExactly(client.certificate());
    assertThat(checked)
        .as("a resumed handshake shows no leaf of the server")
        .containsExactly(leaf.certificate(), leaf.certificate());
  }

  /** Shakes hands, and returns what the server was shown by its client. */
  private static List<Certificate> shownIn(SslContext server, SslContext client) throws Exception {
    CompletableFuture<List<Certificate>> shown = new CompletableFuture<>();
    CompletableFuture<Void> greeted = new CompletableFuture<>();
    Channel listener =
        new ServerBootstrap()
            .group(LOOPS)
            .channel(LocalServerChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler tls = MeshSslContexts.serverHandler(server, channel.alloc());
                    channel.pipeline().addLast(tls);
                    tls.handshakeFuture()
                        .addListener(
                            _ -> {
                              shown.complete(
                                  List.of(tls.engine().getSession().getPeerCertificates()));
                              var _ =
                                  channel.writeAndFlush(channel.alloc().buffer(1).writeByte('!'));
                            });
                  }
                })
            .bind(LocalAddress.ANY)
            .sync()
            .channel();
    Channel channel =
        new Bootstrap()
            .group(LOOPS)
            .channel(LocalChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(client.newHandler(channel.alloc(), SERVER, 1));
                    channel
                        .pipeline()
                        .addLast(
                            new SimpleChannelInboundHandler<ByteBuf>() {
                              // What the server sends behind its handshake, such as tickets, comes
                              // before its greeting.
                              @Override
                              protected void channelRead0(
                                  ChannelHandlerContext ctx, ByteBuf greeting) {
                                greeted.complete(null);
                              }
                            });
                  }
                })
            .connect(listener.localAddress())
            .sync()
            .channel();
    try {
      greeted.get(10, TimeUnit.SECONDS);
      return shown.get(10, TimeUnit.SECONDS);
    } finally {
      channel.close().sync();
      listener.close().sync();
    }
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
}
