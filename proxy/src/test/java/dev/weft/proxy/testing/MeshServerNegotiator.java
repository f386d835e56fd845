package dev.weft.proxy.testing;

import dev.weft.proxy.tls.MeshTls;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;

/** Ends mesh TLS before a gRPC server, as the proxy in front of a service would. */
public final class MeshServerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final MeshTls tls;

  public MeshServerNegotiator(MeshTls tls) {
    this.tls = tls;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.of("https");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
    return InternalProtocolNegotiators.waitUntilActiveHandler(
        new Handshake(grpcHandler), grpcHandler.getNegotiationLogger());
  }

  @Override
  public void close() {}

  private final class Handshake extends InternalProtocolNegotiators.ProtocolNegotiationHandler {
    Handshake(GrpcHttp2ConnectionHandler grpcHandler) {
      super(
          InternalProtocolNegotiators.grpcNegotiationHandler(grpcHandler),
          grpcHandler.getNegotiationLogger());
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
      ctx.pipeline().addBefore(ctx.name(), null, tls.serverHandler(ctx.alloc(), false));
    }

    @Override
    protected void userEventTriggered0(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
          fireProtocolNegotiationEvent(ctx);
        } else {
          var _ = ctx.close();
        }
        return;
      }
      super.userEventTriggered0(ctx, event);
    }
  }
}
