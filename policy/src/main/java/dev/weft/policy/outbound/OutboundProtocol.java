package dev.weft.policy.outbound;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is spoken with a target, with the routes of that protocol. */
public sealed interface OutboundProtocol {
  /**
   * Whatever the client's first bytes show.
   *
   * @param timeout how long they are waited for, by the policy; a proxy may use its own
   * @param opaque for connections that are not HTTP
   * @param http1 for HTTP/1
   * @param http2 for HTTP/2
   */
  record Detect(Duration timeout, Opaque opaque, Http1 http1, Http2 http2)
      implements OutboundProtocol {}

  /**
   * HTTP/1.
   *
   * @param routes in the order of the policy; none refuses every request
   * @param accrual when endpoints of balanced backends are put aside; null for never
   */
  record Http1(List<OutboundHttpRoute> routes, @Nullable FailureAccrual accrual)
      implements OutboundProtocol {
    /** Copies the list. */
    public Http1 {
      routes = List.copyOf(routes);
    }
  }

  /**
   * HTTP/2.
   *
   * @param routes in the order of the policy; none refuses every request
   * @param accrual when endpoints of balanced backends are put aside; null for never
   */
  record Http2(List<OutboundHttpRoute> routes, @Nullable FailureAccrual accrual)
      implements OutboundProtocol {
    /** Copies the list. */
    public Http2 {
      routes = List.copyOf(routes);
    }
  }

  /**
   * gRPC over HTTP/2.
   *
   * @param routes in the order of the policy; none refuses every call
   * @param accrual when endpoints of balanced backends are put aside; null for never
   */
  record Grpc(List<OutboundGrpcRoute> routes, @Nullable FailureAccrual accrual)
      implements OutboundProtocol {
    /** Copies the list. */
    public Grpc {
      routes = List.copyOf(routes);
    }
  }

  /**
   * Bytes nobody looks into.
   *
   * @param route where they go; null refuses every connection
   */
  record Opaque(@Nullable OutboundOpaqueRoute route) implements OutboundProtocol {}

  /**
   * TLS of the application's own, routed by server name and passed through.
   *
   * @param routes in the order of the policy; none refuses every connection
   */
  record Tls(List<OutboundTlsRoute> routes) implements OutboundProtocol {
    /** Copies the list. */
    public Tls {
      routes = List.copyOf(routes);
    }
  }
}
