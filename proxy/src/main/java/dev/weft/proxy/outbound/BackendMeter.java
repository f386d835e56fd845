package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.util.HashMap;
import java.util.Map;

/** The cells of what one rule sends to one backend. Runs on one loop only. */
final class BackendMeter {
  private final OutboundMetrics metrics;
  private final Shard shard;
  private final Labels labels;
  private final Counter requests;
  private final Map<String, Counter> byStatus = new HashMap<>();

  BackendMeter(OutboundMetrics metrics, Shard shard, Labels labels) {
    this.metrics = metrics;
    this.shard = shard;
    this.labels = labels;
    this.requests = metrics.backendRequests.get(shard, labels);
  }

  void requested() {
    requests.increment();
  }

  void responded(ResponseClass response) {
    String status = response.error().isEmpty() ? Integer.toString(response.status()) : "";
    byStatus
        .computeIfAbsent(
            status + response.error(),
            _ ->
                metrics.backendStatuses.get(
                    shard,
                    labels.and(
                        Labels.of(
                            "http_status",
                            status,
                            "error",
                            response.error().isEmpty() ? "" : "UNKNOWN"))))
        .increment();
  }
}
