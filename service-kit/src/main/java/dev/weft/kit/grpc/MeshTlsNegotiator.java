package dev.weft.kit.grpc;

import dev.weft.kit.tls.MeshServerTls;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Ends mesh TLS before HTTP/2 begins. grpc-java's own negotiator refuses clients without ALPN and
 * keeps one context for ever; proxies send no ALPN, and leaves are renewed.
 *
 * <p>It rests on three classes of grpc-java named Internal, which its own xDS module uses the same
 * way.
 */
final class MeshTlsNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final Logger LOG = Logger.getLogger(MeshTlsNegotiator.class);
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private final MeshServerTls tls;
  private final InternalProtocolNegotiator.ProtocolNegotiator inside =
      InternalProtocolNegotiators.serverPlaintext();

  MeshTlsNegotiator(MeshServerTls tls) {
    this.tls = tls;
  }

  @Override
  public AsciiString scheme() {
    return HTTPS;
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Handshake(tls, inside.newHandler(grpc));
  }

  @Override
  public void close() {
    inside.close();
  }

  /**
   * Waits for the handshake and then gives its place to what follows. Runs on the channel's loop
   * only.
   */
  private static final class Handshake extends ChannelInboundHandlerAdapter {
    private final MeshServerTls tls;
    private final ChannelHandler next;

    /** Events of grpc-java that {@link #next} must see; they come before the handshake ends. */
    private final List<Object> held = new ArrayList<>();

    Handshake(MeshServerTls tls, ChannelHandler next) {
      this.tls = tls;
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.pipeline().addBefore(ctx.name(), null, tls.newHandler(ctx.alloc()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
        held.add(event);
        return;
      }
      if (!handshake.isSuccess()) {
        LOG.debugf(
            "mesh TLS handshake refused: peer=%s; cause: %s",
            ctx.channel().remoteAddress(), handshake.cause());
        ctx.close();
        return;
      }
      // The context of a replaced handler still leads to the handler after it; so events go in by
      // the one before.
      ChannelHandlerContext before = ctx.pipeline().context(SslHandler.class);
      ctx.pipeline().replace(this, null, next);
      held.forEach(before::fireUserEventTriggered);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A failed handshake was told by its event already.
      ctx.close();
    }
  }
}
