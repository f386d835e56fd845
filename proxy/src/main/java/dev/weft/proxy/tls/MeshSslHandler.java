package dev.weft.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SslHandler} that records who the peer is before anyone hears that the handshake is
 * done. Runs on the channel's loop only.
 *
 * <p>The peer's close_notify is passed on as {@link ChannelInputShutdownEvent}, once, and the other
 * direction goes on. A FIN without it is a failure: someone may have cut the connection.
 */
final class MeshSslHandler extends SslHandler {
  private final MeshTrustManager trust;
  private final MeshTrustManager.Handshake handshake;
  private final ServerHelloSniffer sniffer;
  private final @Nullable String sentServerName;
  private boolean established;
  private boolean inputEnded;

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
                established = true;
                HalfOpen.allow(engine());
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

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (established && !inputEnded && HalfOpen.peerEnded(engine())) {
      inputEnded = true;
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    super.channelReadComplete(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (!(event instanceof ChannelInputShutdownEvent)) {
      super.userEventTriggered(ctx, event);
    } else if (!established) {
      ctx.close();
    } else if (!inputEnded) {
      inputEnded = true;
      if (HalfOpen.peerEnded(engine())) {
        ctx.fireUserEventTriggered(event);
      } else {
        ctx.fireExceptionCaught(
            new SSLException("connection ended; cause: the peer sent no TLS close_notify"));
        ctx.close();
      }
    }
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
