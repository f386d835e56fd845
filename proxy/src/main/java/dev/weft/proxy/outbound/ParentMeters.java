package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.proxy.detect.DetectionMeter;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.util.HashMap;
import java.util.Map;

/**
 * The cells that all connections under one policy share, kept so that no connection renders their
 * labels again. Runs on one loop only.
 */
final class ParentMeters {
  /** Cells kept; with more, as after many changes of policy, all are looked up anew. */
  private static final int MAX_KEPT = 4_096;

  private final OutboundMetrics metrics;
  private final Shard shard;
  private final Map<PolicyRef, DetectionMeter> detections = new HashMap<>();
  private final Map<ProtocolKey, Counter> protocols = new HashMap<>();

  private record ProtocolKey(Plan.Mode mode, PolicyRef parent) {}

  ParentMeters(OutboundMetrics metrics, Shard shard) {
    this.metrics = metrics;
    this.shard = shard;
  }

  DetectionMeter detection(PolicyRef parent) {
    bound(detections);
    return detections.computeIfAbsent(
        parent, p -> metrics.detection.meter(shard, OutboundMetrics.service("parent", p)));
  }

  /** Counts connections by how they are treated. */
  Counter protocol(Plan.Mode mode, PolicyRef parent) {
    bound(protocols);
    return protocols.computeIfAbsent(
        new ProtocolKey(mode, parent),
        key ->
            metrics.protocols.get(
                shard,
                Labels.of("protocol", key.mode.label())
                    .and(OutboundMetrics.service("parent", key.parent))));
  }

  private static void bound(Map<?, ?> kept) {
    if (kept.size() >= MAX_KEPT) {
      kept.clear();
    }
  }
}
