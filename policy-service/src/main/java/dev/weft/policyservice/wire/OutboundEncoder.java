package dev.weft.policyservice.wire;

import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.ProxyProtocol;
import dev.weft.policy.outbound.OutboundProtocol;

/** Outbound policies on the wire. Source: facts/proxy-api.md 12. */
public final class OutboundEncoder {
  private OutboundEncoder() {}

  /** The message for a policy. */
  public static OutboundPolicy encode(dev.weft.policy.outbound.OutboundPolicy policy) {
    return OutboundPolicy.newBuilder()
        .setMetadata(Common.metadata(policy.ref()))
        .setProtocol(protocol(policy.protocol()))
        .build();
  }

  private static ProxyProtocol protocol(OutboundProtocol protocol) {
    ProxyProtocol.Builder message = ProxyProtocol.newBuilder();
    switch (protocol) {
      case OutboundProtocol.Detect detect ->
          message.setDetect(
              ProxyProtocol.Detect.newBuilder()
                  .setTimeout(Common.duration(detect.timeout()))
                  .setOpaque(opaque(detect.opaque()))
                  .setHttp1(http1(detect.http1()))
                  .setHttp2(http2(detect.http2())));
      case OutboundProtocol.Http1 http1 -> message.setHttp1(http1(http1));
      case OutboundProtocol.Http2 http2 -> message.setHttp2(http2(http2));
      case OutboundProtocol.Grpc grpc -> message.setGrpc(grpc(grpc));
      case OutboundProtocol.Opaque opaque -> message.setOpaque(opaque(opaque));
      case OutboundProtocol.Tls tls -> message.setTls(tls(tls));
    }
    return message.build();
  }

  private static ProxyProtocol.Http1 http1(OutboundProtocol.Http1 http1) {
    ProxyProtocol.Http1.Builder message = ProxyProtocol.Http1.newBuilder();
    http1.routes().forEach(route -> message.addRoutes(HttpRoutes.encode(route)));
    if (http1.accrual() != null) {
      message.setFailureAccrual(Backends.accrual(http1.accrual()));
    }
    return message.build();
  }

  private static ProxyProtocol.Http2 http2(OutboundProtocol.Http2 http2) {
    ProxyProtocol.Http2.Builder message = ProxyProtocol.Http2.newBuilder();
    http2.routes().forEach(route -> message.addRoutes(HttpRoutes.encode(route)));
    if (http2.accrual() != null) {
      message.setFailureAccrual(Backends.accrual(http2.accrual()));
    }
    return message.build();
  }

  private static ProxyProtocol.Grpc grpc(OutboundProtocol.Grpc grpc) {
    ProxyProtocol.Grpc.Builder message = ProxyProtocol.Grpc.newBuilder();
    grpc.routes().forEach(route -> message.addRoutes(GrpcRoutes.encode(route)));
    if (grpc.accrual() != null) {
      message.setFailureAccrual(Backends.accrual(grpc.accrual()));
    }
    return message.build();
  }

  private static ProxyProtocol.Opaque opaque(OutboundProtocol.Opaque opaque) {
    return opaque.route() == null
        ? ProxyProtocol.Opaque.getDefaultInstance()
        : ProxyProtocol.Opaque.newBuilder().addRoutes(TcpRoutes.opaque(opaque.route())).build();
  }

  private static ProxyProtocol.Tls tls(OutboundProtocol.Tls tls) {
    ProxyProtocol.Tls.Builder message = ProxyProtocol.Tls.newBuilder();
    tls.routes().forEach(route -> message.addRoutes(TcpRoutes.tls(route)));
    return message.build();
  }
}
