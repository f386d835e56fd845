package dev.weft.proxy.control;

import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.grpc.ChannelLogger;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
import java.time.Duration;

/**
 * Speaks mesh TLS to a service of the control plane, then HTTP/2 with prior knowledge: the mesh
 * offers no ALPN, which gRPC's own TLS insists on.
 */
final class MeshNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final MeshTls tls;
  private final PeerId service;
  private final boolean anonymous;
  private final Duration handshakeTimeout;

  /**
   * A negotiator for one service.
   *
   * @param anonymous whether to show no certificate even if there is one
   * @param service the identity its certificate must carry, sent as SNI too
   */
  MeshNegotiator(MeshTls tls, PeerId service, boolean anonymous, Duration handshakeTimeout) {
    this.tls = tls;
    this.service = service;
    this.anonymous = anonymous;
    this.handshakeTimeout = handshakeTimeout;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.of("http");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
    ChannelLogger logger = grpcHandler.getNegotiationLogger();
    ChannelHandler http2 = InternalProtocolNegotiators.grpcNegotiationHandler(grpcHandler);
    return InternalProtocolNegotiators.waitUntilActiveHandler(new Handshake(http2, logger), logger);
  }

  @Override
  public void close() {}

  /** Adds TLS to a connected channel and goes on when the peer is known. Runs on its loop only. */
  private final class Handshake extends InternalProtocolNegotiators.ProtocolNegotiationHandler {

    Handshake(ChannelHandler next, ChannelLogger logger) {
      super(next, logger);
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
      SslHandler handler =
          anonymous
              ? tls.anonymousClientHandler(ctx.alloc(), service.text(), service)
              : tls.clientHandler(ctx.alloc(), service.text(), service, false);
      handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
      ctx.pipeline().addBefore(ctx.name(), null, handler);
    }

    @Override
    protected void userEventTriggered0(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
          fireProtocolNegotiationEvent(ctx);
        } else {
          ctx.fireExceptionCaught(done.cause());
        }
        return;
      }
      super.userEventTriggered0(ctx, event);
    }
  }
}
