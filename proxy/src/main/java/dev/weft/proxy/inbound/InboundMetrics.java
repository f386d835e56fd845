package dev.weft.proxy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Permit;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.detect.DetectionMetrics;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;
import dev.weft.proxy.tcp.TransportMetrics;
import dev.weft.proxy.tls.PeerTls;
import io.netty.channel.ChannelHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The series of the inbound side. Thread-safe; cells are got by the shard of a loop.
 *
 * <p>Source: facts/proxy.md 4. Names beginning with {@code weft_} are ours.
 */
final class InboundMetrics {

  private static final Labels INBOUND = Labels.of("direction", "inbound");
  private static final Labels APPLICATION =
      INBOUND.and(Labels.of("peer", "dst", "tls", "no_identity", "no_tls_reason", "loopback"));

  private final TransportMetrics transport;
  final DetectionMetrics detection;
  final RouteFamilies httpRoutes;
  final RouteFamilies grpcRoutes;
  final Family<Counter> requests;
  final Family<Counter> responses;
  final Family<Histogram> latency;
  private final Family<Counter> httpAllowed;
  private final Family<Counter> httpDenied;
  private final Family<Counter> routeNotFound;
  private final Family<Counter> rateLimited;
  private final Family<Counter> tcpAllowed;
  private final Family<Counter> tcpDenied;
  private final Family<Counter> tcpTerminated;
  private final Family<Counter> tcpErrors;
  private final Family<Counter> httpErrors;
  private final Family<Counter> denials;
  private final Family<Counter> audits;
  private final Family<Counter> transportHeaders;
  private final Family<Counter> handshakes;
  private final Family<Counter> failedHandshakes;

  InboundMetrics(Metrics metrics) {
    transport = new TransportMetrics(metrics);
    detection = new DetectionMetrics(metrics, "inbound");
    httpRoutes = new RouteFamilies(metrics, "http");
    grpcRoutes = new RouteFamilies(metrics, "grpc");
    requests = metrics.counter("request_total", "Requests passed to an endpoint.");
    responses = metrics.counter("response_total", "Responses of endpoints, by their end.");
    latency =
        metrics.latencyMillis(
            "response_latency_ms", "From the head of a request to the end of its response.");
    httpAllowed =
        metrics.counter("inbound_http_authz_allow_total", "Requests allowed by a policy.");
    httpDenied = metrics.counter("inbound_http_authz_deny_total", "Requests denied by a policy.");
    routeNotFound =
        metrics.counter("inbound_http_route_not_found_total", "Requests that match no route.");
    rateLimited =
        metrics.counter("inbound_http_local_ratelimit_total", "Requests refused by a rate limit.");
    tcpAllowed =
        metrics.counter("inbound_tcp_authz_allow_total", "Connections allowed by a policy.");
    tcpDenied = metrics.counter("inbound_tcp_authz_deny_total", "Connections denied by a policy.");
    tcpTerminated =
        metrics.counter(
            "inbound_tcp_authz_terminate_total", "Connections ended by a changed policy.");
    tcpErrors = metrics.counter("inbound_tcp_errors_total", "Connections that failed.");
    httpErrors = metrics.counter("inbound_http_errors_total", "Requests that the proxy failed.");
    denials =
        metrics
            .counter(
                "weft_inbound_denials_total", "Denials by what denied and which clause failed.")
            .lasting();
    audits =
        metrics
            .counter("weft_inbound_audited_total", "What only the policy audit let through.")
            .lasting();
    transportHeaders =
        metrics.counter(
            "inbound_tcp_transport_header_connections_total",
            "Connections that began with a transport header.");
    handshakes =
        metrics.counter("weft_tls_handshakes_total", "Mesh TLS handshakes that succeeded.");
    failedHandshakes =
        metrics.counter("weft_tls_handshake_failures_total", "Mesh TLS handshakes that failed.");
  }

  static Labels target(InetSocketAddress address) {
    return Labels.of(
        "target_addr", Endpoint.text(address),
        "target_ip", NetUtil.toAddressString(address.getAddress()),
        "target_port", Integer.toString(address.getPort()));
  }

  static Labels server(PolicyRef server, int port) {
    return Labels.of(
        "srv_group", server.group(),
        "srv_kind", server.kind(),
        "srv_name", server.name(),
        "srv_port", Integer.toString(port));
  }

  private static Labels route(PolicyRef route) {
    return Labels.of(
        "route_group", route.group(), "route_kind", route.kind(), "route_name", route.name());
  }

  private static Labels authorization(PolicyRef authorization) {
    return Labels.of(
        "authz_group", authorization.group(),
        "authz_kind", authorization.kind(),
        "authz_name", authorization.name());
  }

  /** The labels of one connection, rendered once. */
  record Of(Labels target, Labels tls, int port) {
    Of(Peer peer) {
      this(InboundMetrics.target(peer.target()), peer.tls().labels(), peer.target().getPort());
    }

    Labels server(PolicyRef server) {
      return InboundMetrics.server(server, port);
    }

    /**
     * Base of {@code request_total} and its like.
     *
     * @param authority of the request, null where it is no label
     */
    Labels requests(Permit permit, @Nullable String authority) {
      Labels side = authority == null ? INBOUND : INBOUND.and("authority", authority);
      Labels base = side.and(target).and(tls).and(server(permit.server()));
      if (permit.route() != null) {
        base = base.and(route(permit.route()));
      }
      return base.and(authorization(permit.authorization()));
    }
  }

  ChannelHandler clientMeter(Shard shard, Of of, PolicyRef server) {
    return transport.meter(
        shard, INBOUND.and("peer", "src").and(of.target).and(of.tls).and(of.server(server)));
  }

  ChannelHandler applicationMeter(Shard shard) {
    return transport.meter(shard, APPLICATION);
  }

  Counter httpAllowed(Shard shard, Of of, Permit permit) {
    Labels labels = of.target.and(of.server(permit.server()));
    if (permit.route() != null) {
      labels = labels.and(route(permit.route()));
    }
    return httpAllowed.get(shard, labels.and(authorization(permit.authorization())).and(of.tls));
  }

  void httpDenied(Shard shard, Of of, PolicyRef server, PolicyRef route) {
    httpDenied
        .get(shard, of.target.and(of.server(server)).and(route(route)).and(of.tls))
        .increment();
  }

  Counter denial(
      Shard shard, PolicyRef server, int port, @Nullable PolicyRef route, DenialClause clause) {
    Labels labels = server(server, port);
    labels =
        route == null
            ? labels.and(Labels.of("route_group", "", "route_kind", "", "route_name", ""))
            : labels.and(route(route));
    return denials.get(shard, labels.and("clause", clause.label()));
  }

  Counter audit(Shard shard, PolicyRef server, int port, String what) {
    return audits.get(shard, server(server, port).and("what", what));
  }

  void routeNotFound(Shard shard, Of of, PolicyRef server) {
    routeNotFound.get(shard, of.target.and(of.server(server)).and(of.tls)).increment();
  }

  void rateLimited(
      Shard shard, Of of, PolicyRef server, PolicyRef rateLimit, RateLimiter.Scope scope) {
    rateLimited
        .get(
            shard,
            of.target
                .and(of.server(server))
                .and(
                    Labels.of(
                        "ratelimit_group", rateLimit.group(),
                        "ratelimit_kind", rateLimit.kind(),
                        "ratelimit_name", rateLimit.name(),
                        "ratelimit_scope", scope.label()))
                .and(of.tls))
        .increment();
  }

  void tcpAllowed(Shard shard, Of of, Permit permit) {
    Labels labels =
        of.target
            .and(of.server(permit.server()))
            .and(authorization(permit.authorization()))
            .and(of.tls);
    tcpAllowed.get(shard, labels).increment();
  }

  void tcpDenied(Shard shard, Of of, PolicyRef server) {
    tcpDenied.get(shard, of.target.and(of.server(server)).and(of.tls)).increment();
  }

  void tcpTerminated(Shard shard, Of of, PolicyRef server) {
    tcpTerminated.get(shard, of.target.and(of.server(server)).and(of.tls)).increment();
  }

  void tcpError(Shard shard, InetSocketAddress target, TcpError error) {
    tcpErrors.get(shard, Labels.of("error", error.label).and(target(target))).increment();
  }

  void httpError(Shard shard, Of of, PolicyRef server, String error) {
    httpErrors
        .get(shard, Labels.of("error", error).and(of.target).and(of.server(server)))
        .increment();
  }

  void transportHeader(Shard shard, String session, int port, String name, String clientId) {
    transportHeaders
        .get(
            shard,
            Labels.of(
                "session_protocol",
                session,
                "target_port",
                Integer.toString(port),
                "target_name",
                name,
                "client_id",
                clientId))
        .increment();
  }

  void handshake(Shard shard, PeerTls peer) {
    handshakes
        .get(
            shard,
            Labels.of(
                "direction",
                "inbound",
                "peer",
                peer.identity() == null ? "" : peer.identity().text(),
                "version",
                peer.version(),
                "group",
                peer.group()))
        .increment();
  }

  void handshakeFailed(Shard shard) {
    failedHandshakes.get(shard, INBOUND).increment();
  }

  /** The kinds of failed connections. */
  enum TcpError {
    TLS_DETECTION_TIMEOUT("tls detection timeout"),
    IO("i/o"),
    UNEXPECTED("unexpected");

    private final String label;

    TcpError(String label) {
      this.label = label;
    }
  }
}
