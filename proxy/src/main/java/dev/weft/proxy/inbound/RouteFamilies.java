package dev.weft.proxy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;

/**
 * The families {@code inbound_http_*} or {@code inbound_grpc_*}: what passes the routes of a
 * policy. Thread-safe.
 *
 * <p>Source: facts/observability.md 6.5.
 */
final class RouteFamilies {
  private final Family<Counter> requests;
  private final Family<Histogram> requestDuration;
  private final Family<Histogram> responseDuration;
  private final Family<Histogram> requestFrames;
  private final Family<Histogram> responseFrames;
  private final Family<Counter> statuses;

  /** The families of a protocol, {@code http} or {@code grpc}. */
  RouteFamilies(Metrics metrics, String protocol) {
    String prefix = "inbound_" + protocol;
    requests = metrics.counter(prefix + "_requests_total", "Requests by route.").lasting();
    requestDuration =
        metrics
            .seconds(
                prefix + "_request_duration_seconds",
                "From the begin of a request to the end of its response.",
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                10)
            .lasting();
    responseDuration =
        metrics
            .seconds(
                prefix + "_response_duration_seconds",
                "From the end of a request to the end of its response.",
                0.05,
                0.5,
                1,
                10)
            .lasting();
    requestFrames =
        metrics
            .bytes(
                prefix + "_request_frame_size_bytes", "Pieces of request bodies.", 128, 1024, 10240)
            .lasting();
    responseFrames =
        metrics
            .bytes(
                prefix + "_response_frame_size_bytes",
                "Pieces of response bodies.",
                128,
                1024,
                10240)
            .lasting();
    statuses =
        metrics.counter(prefix + "_statuses_total", "Responses by route and status.").lasting();
  }

  /** The cells of a route of a port. */
  RouteMeter meter(Shard shard, PolicyRef server, int port, PolicyRef route) {
    Labels labels =
        Labels.of(
            "parent_group", server.group(),
            "parent_kind", server.kind(),
            "parent_name", server.name(),
            "parent_port", Integer.toString(port),
            "route_group", route.group(),
            "route_kind", route.kind(),
            "route_name", route.name());
    return new RouteMeter(
        requests.get(shard, labels),
        requestDuration.get(shard, labels),
        responseDuration.get(shard, labels),
        requestFrames.get(shard, labels),
        responseFrames.get(shard, labels),
        status ->
            statuses.get(
                shard,
                labels.and("status", status == RouteMeter.NONE ? "" : Integer.toString(status))));
  }
}
