package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.proxy.client.BalancerFamilies;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.detect.DetectionMetrics;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;
import dev.weft.proxy.tcp.TransportMetrics;
import dev.weft.proxy.tls.HandshakeMetrics;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * The families this side writes, and their labels. Thread-safe.
 *
 * <p>Source: facts/proxy.md section 4.
 */
final class OutboundMetrics {
  private static final Labels OUTBOUND = Labels.of("direction", "outbound");

  final TransportMetrics transport;
  final HandshakeMetrics handshakes;
  final Family<Counter> requests;
  final Family<Counter> responses;
  final Family<Histogram> latency;
  final Family<Counter> httpErrors;
  final Family<Counter> tcpErrors;
  final Family<Counter> protocols;
  final DetectionMetrics detection;
  final RouteFamilies httpRoutes;
  final RouteFamilies grpcRoutes;
  final TcpRouteMeter.Families tcpRoutes;
  final TcpRouteMeter.Families tlsRoutes;
  final BalancerFamilies httpBalancers;
  final BalancerFamilies tcpBalancers;
  final BalancerFamilies tlsBalancers;
  private final Family<Counter> transferCost;

  /** Endpoints put aside because requests fail there. */
  final Family<Gauge> aside;

  /** How often that happened. */
  final Family<Counter> trips;

  final Profiles profiles;

  /** Of the routes of profiles: of requests, and of each attempt. */
  record Profiles(
      Family<Counter> requests,
      Family<Counter> responses,
      Family<Histogram> latency,
      Family<Counter> attempts,
      Family<Counter> attemptResponses,
      Family<Counter> retryable) {
    static Profiles of(Metrics metrics) {
      return new Profiles(
          metrics.counter("route_request_total", "Requests by route of a profile."),
          metrics.counter("route_response_total", "Responses by route of a profile."),
          metrics.latencyMillis(
              "route_response_latency_ms",
              "From the head of a request to the end of its response, by route."),
          metrics.counter("route_actual_request_total", "Attempts by route of a profile."),
          metrics.counter("route_actual_response_total", "Responses to attempts by route."),
          metrics.counter("route_retryable_total", "Failures that a retry is allowed for."));
    }
  }

  OutboundMetrics(Metrics metrics) {
    transport = new TransportMetrics(metrics);
    handshakes = new HandshakeMetrics(metrics);
    requests = metrics.counter("request_total", "HTTP requests.");
    responses = metrics.counter("response_total", "HTTP responses.");
    latency =
        metrics.latencyMillis(
            "response_latency_ms", "From the head of a request to the end of its response.");
    httpErrors =
        metrics.counter("outbound_http_errors_total", "Requests answered by the proxy itself.");
    tcpErrors = metrics.counter("outbound_tcp_errors_total", "Connections ended by the proxy.");
    protocols =
        metrics
            .counter("outbound_tcp_protocol_connections_total", "Connections by their protocol.")
            .lasting();
    detection = new DetectionMetrics(metrics, "outbound");
    httpRoutes = new RouteFamilies(metrics, false);
    grpcRoutes = new RouteFamilies(metrics, true);
    tcpRoutes = new TcpRouteMeter.Families(metrics, "tcp");
    tlsRoutes = new TcpRouteMeter.Families(metrics, "tls");
    httpBalancers = new BalancerFamilies(metrics, "outbound_http");
    tcpBalancers = new BalancerFamilies(metrics, "outbound_tcp");
    tlsBalancers = new BalancerFamilies(metrics, "outbound_tls");
    transferCost =
        metrics
            .counter("outbound_tcp_transfer_cost_bytes_total", "Bytes by where the other end is.")
            .lasting();
    profiles = Profiles.of(metrics);
    aside =
        metrics.gauge(
            "weft_outbound_breaker_open_endpoints", "Endpoints put aside after failures.");
    trips =
        metrics.counter(
            "weft_outbound_breaker_trips_total", "How often an endpoint was put aside.");
  }

  /** A meter of a connection to an endpoint, which also counts what its bytes cost. */
  ChannelHandler endpointMeter(Shard shard, Labels labels, Endpoint endpoint) {
    String locality =
        switch (endpoint.labels().getOrDefault("zone_locality", "")) {
          case "local" -> "Local";
          case "remote" -> "Remote";
          default -> "Unknown";
        };
    return transport.meter(
        shard,
        labels,
        transferCost.get(shard, Labels.of("op", "Recv", "zone_locality", locality)),
        transferCost.get(shard, Labels.of("op", "Send", "zone_locality", locality)));
  }

  /** Labels of an accepted connection. */
  static Labels source(String target) {
    return OUTBOUND
        .and("peer", "src")
        .and(target(target))
        .and(Labels.of("tls", "no_identity", "no_tls_reason", "loopback"));
  }

  /** {@code target_addr}, {@code target_ip} and {@code target_port} of {@code host:port}. */
  static Labels target(String target) {
    return Labels.of("target_addr", target).and(targetIp(target));
  }

  /** {@code target_ip} and {@code target_port} of {@code host:port}. */
  static Labels targetIp(String target) {
    int colon = target.lastIndexOf(':');
    String host = target.substring(0, Math.max(0, colon));
    return Labels.of(
        "target_ip",
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        "target_port",
        target.substring(colon + 1));
  }

  /** Base labels of an endpoint's requests and responses. */
  static Labels endpoint(String authority, Endpoint endpoint, boolean local) {
    return OUTBOUND.and("authority", authority).and(endpointOnly(endpoint, local));
  }

  /** Labels of connections to an endpoint. */
  static Labels connection(String authority, Endpoint endpoint, boolean local) {
    return OUTBOUND
        .and("peer", "dst")
        .and("authority", authority)
        .and(endpointOnly(endpoint, local));
  }

  private static Labels endpointOnly(Endpoint endpoint, boolean local) {
    InetSocketAddress address = endpoint.address();
    Labels labels = target(Endpoint.text(address));
    if (local) {
      labels = labels.and(Labels.of("tls", "no_identity", "no_tls_reason", "loopback"));
    } else if (endpoint.tls() == null) {
      labels =
          labels.and(
              Labels.of(
                  "tls", "no_identity", "no_tls_reason", "not_provided_by_service_discovery"));
    } else {
      labels = labels.and(Labels.of("tls", "true", "server_id", endpoint.tls().identity().text()));
    }
    for (Map.Entry<String, String> label : new TreeMap<>(endpoint.labels()).entrySet()) {
      labels = labels.and("dst_" + label.getKey(), label.getValue());
    }
    return labels;
  }

  /** Labels of a profile's route. */
  static Labels profile(String authority, Map<String, String> route) {
    Labels labels = OUTBOUND.and("dst", authority);
    for (Map.Entry<String, String> label : new TreeMap<>(route).entrySet()) {
      labels = labels.and("rt_" + label.getKey(), label.getValue());
    }
    return labels;
  }

  /** {@code parent_*} or {@code backend_*} labels. */
  static Labels service(String prefix, PolicyRef ref) {
    String namespace = "";
    String port = "";
    if (ref instanceof PolicyRef.Resource resource) {
      namespace = resource.namespace();
      port = resource.port() == 0 ? "" : Integer.toString(resource.port());
    }
    return Labels.of(
        prefix + "_group",
        ref.group(),
        prefix + "_kind",
        ref.kind(),
        prefix + "_namespace",
        namespace,
        prefix + "_name",
        ref.name(),
        prefix + "_port",
        port,
        prefix + "_section_name",
        "");
  }

  /** {@code route_*} labels. */
  static Labels route(PolicyRef ref) {
    return Labels.of(
        "route_group",
        ref.group(),
        "route_kind",
        ref.kind(),
        "route_namespace",
        ref instanceof PolicyRef.Resource resource ? resource.namespace() : "",
        "route_name",
        ref.name());
  }
}
