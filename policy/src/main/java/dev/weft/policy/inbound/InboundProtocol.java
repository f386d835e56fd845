package dev.weft.policy.inbound;

import java.time.Duration;
import java.util.List;

/** What is spoken on a port, with what is judged at the level of that protocol. */
public sealed interface InboundProtocol {
  /**
   * Whatever the first bytes show: HTTP/1, HTTP/2, or bytes nobody looks into.
   *
   * @param timeout how long the first bytes are waited for; then the connection is opaque
   * @param http for connections that turn out to be HTTP
   */
  record Detect(Duration timeout, HttpRouting http) implements InboundProtocol {}

  /**
   * HTTP/1; between proxies it may still arrive as HTTP/2.
   *
   * @param http routes and rate limit
   */
  record Http1(HttpRouting http) implements InboundProtocol {}

  /**
   * HTTP/2.
   *
   * @param http routes and rate limit
   */
  record Http2(HttpRouting http) implements InboundProtocol {}

  /**
   * gRPC over HTTP/2.
   *
   * @param routes in the order of the policy; none means every call, judged by the port's
   *     authorizations
   */
  record Grpc(List<InboundGrpcRoute> routes) implements InboundProtocol {
    /** Copies the list. */
    public Grpc {
      routes = List.copyOf(routes);
    }
  }

  /** Bytes nobody looks into, not even for TLS. */
  record Opaque() implements InboundProtocol {}

  /** TLS of the application's own, passed through; mesh TLS around it is still ended. */
  record Tls() implements InboundProtocol {}
}
