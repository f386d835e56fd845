package dev.weft.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SslHandler} that records who the peer is before anyone hears that the handshake is
 * done. Runs on the channel's loop only.
 */
final class MeshSslHandler extends SslHandler {
  private final MeshTrustManager trust;
  private final MeshTrustManager.Handshake handshake;
  private final ServerHelloSniffer sniffer;
  private final @Nullable String sentServerName;

  /** A handler for a client if an identity is expected, else for a server. */
  MeshSslHandler(
      SSLEngine engine,
      MeshTrustManager trust,
      @Nullable PeerId expected,
      @Nullable String sentServerName) {
    super(engine);
    this.trust = trust;
    this.handshake = new MeshTrustManager.Handshake(expected);
    this.sniffer = new ServerHelloSniffer(expected == null);
    this.sentServerName = sentServerName;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    trust.begin(engine(), handshake);
    ctx.pipeline().addBefore(ctx.name(), null, sniffer);
    // Registered before anybody else can register, so the peer is known when others are told.
    handshakeFuture()
        .addListener(
            done -> {
              trust.end(engine());
              if (done.isSuccess()) {
                PeerTls.set(ctx.channel(), peer());
              }
            });
    super.handlerAdded(ctx);
  }

  @Override
  public void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    trust.end(engine());
    super.handlerRemoved0(ctx);
  }

  private PeerTls peer() {
    SSLSession session = engine().getSession();
    String alpn = engine().getApplicationProtocol();
    return new PeerTls(
        handshake.peer(),
        session.getProtocol(),
        session.getCipherSuite(),
        sniffer.group(),
        alpn == null || alpn.isEmpty() ? null : alpn,
        sentServerName);
  }
}
