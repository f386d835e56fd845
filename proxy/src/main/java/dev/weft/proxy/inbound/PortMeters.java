package dev.weft.proxy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Decision;
import dev.weft.proxy.detect.DetectionMeter;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Shard;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cells that all connections to a port share, kept so that no connection renders their labels
 * again. Runs on one loop only.
 */
final class PortMeters {
  /** Cells kept; with more, as after many changes of policy, all are looked up anew. */
  private static final int MAX_KEPT = 4_096;

  private final InboundMetrics metrics;
  private final Shard shard;
  private final Map<PortKey, DetectionMeter> detections = new HashMap<>();
  private final Map<RouteKey, RouteMeter> routes = new HashMap<>();

  private final Map<DenialKey, Counter> denials = new HashMap<>();
  private final Map<AuditKey, Counter> audits = new HashMap<>();

  private record PortKey(PolicyRef server, int port) {}

  private record RouteKey(boolean grpc, PolicyRef server, int port, PolicyRef route) {}

  private record DenialKey(
      PolicyRef server, int port, @Nullable PolicyRef route, DenialClause clause) {}

  private record AuditKey(PolicyRef server, int port, String what) {}

  PortMeters(InboundMetrics metrics, Shard shard) {
    this.metrics = metrics;
    this.shard = shard;
  }

  DetectionMeter detection(PolicyRef server, int port) {
    bound(detections);
    return detections.computeIfAbsent(
        new PortKey(server, port),
        key -> metrics.detection.meter(shard, InboundMetrics.server(key.server, key.port)));
  }

  RouteMeter route(boolean grpc, PolicyRef server, int port, PolicyRef route) {
    bound(routes);
    return routes.computeIfAbsent(
        new RouteKey(grpc, server, port, route),
        key ->
            (key.grpc ? metrics.grpcRoutes : metrics.httpRoutes)
                .meter(shard, key.server, key.port, key.route));
  }

  /** Counts a denial by who denied and why. */
  void denied(Decision.Denied denied, int port) {
    bound(denials);
    denials
        .computeIfAbsent(
            new DenialKey(denied.server(), port, denied.route(), DenialClause.of(denied)),
            key -> metrics.denial(shard, key.server, key.port, key.route, key.clause))
        .increment();
  }

  /**
   * Counts what only {@code audit} lets through.
   *
   * @param what {@code connection} or {@code request}
   */
  Counter audited(PolicyRef server, int port, String what) {
    bound(audits);
    return audits.computeIfAbsent(
        new AuditKey(server, port, what),
        key -> metrics.audit(shard, key.server, key.port, key.what));
  }

  private static void bound(Map<?, ?> kept) {
    if (kept.size() >= MAX_KEPT) {
      kept.clear();
    }
  }
}
