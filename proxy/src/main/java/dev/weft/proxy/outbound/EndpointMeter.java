package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cells of one endpoint's requests. Runs on one loop only. */
final class EndpointMeter {
  private final OutboundMetrics metrics;
  private final Shard shard;
  private final Labels base;
  private final Counter requests;
  private final Map<ResponseClass, Cells> byClass = new HashMap<>();
  private @Nullable ResponseClass lastClass;
  private @Nullable Cells lastCells;

  private record Cells(Counter responses, Histogram latency) {}

  EndpointMeter(OutboundMetrics metrics, Shard shard, Labels base) {
    this.metrics = metrics;
    this.shard = shard;
    this.base = base;
    this.requests = metrics.requests.get(shard, base);
  }

  void requested() {
    requests.increment();
  }

  void responded(ResponseClass response, long latencyNanos) {
    Cells cells = lastCells;
    if (cells == null || !response.equals(lastClass)) {
      cells = byClass.computeIfAbsent(response, this::cells);
      lastClass = response;
      lastCells = cells;
    }
    cells.responses.increment();
    cells.latency.record(latencyNanos);
  }

  private Cells cells(ResponseClass response) {
    Labels status =
        response.status() == 0
            ? base
            : base.and("status_code", Integer.toString(response.status()));
    return new Cells(
        metrics.responses.get(shard, base.and(response.labels())),
        metrics.latency.get(shard, status));
  }
}
