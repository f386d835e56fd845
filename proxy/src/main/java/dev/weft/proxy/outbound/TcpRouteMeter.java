package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;
import java.util.EnumMap;
import java.util.Map;

/**
 * The cells of the connections on one opaque or TLS route. Runs on one loop only.
 *
 * <p>Source: facts/proxy.md 4.4.
 */
final class TcpRouteMeter {
  private final Families families;
  private final Shard shard;
  private final Labels labels;
  private final Counter opened;
  private final Map<Error, Counter> closed = new EnumMap<>(Error.class);

  /** Why a connection ended; the values of the label {@code error}. */
  enum Error {
    NONE(""),
    FORBIDDEN("forbidden"),
    INVALID_BACKEND("invalid_backend"),
    INVALID_POLICY("invalid_policy"),
    UNEXPECTED("unexpected");

    private final String label;

    Error(String label) {
      this.label = label;
    }
  }

  /** The families of a kind of route. Thread-safe. */
  static final class Families {
    private final Family<Counter> opened;
    private final Family<Counter> closed;

    /** The families of {@code tcp} or {@code tls} routes. */
    Families(Metrics metrics, String kind) {
      String prefix = "outbound_" + kind + "_route_";
      opened = metrics.counter(prefix + "open_total", "Connections begun on a route.").lasting();
      closed = metrics.counter(prefix + "close_total", "Connections ended on a route.").lasting();
    }
  }

  TcpRouteMeter(Families families, Shard shard, Labels labels) {
    this.families = families;
    this.shard = shard;
    this.labels = labels;
    this.opened = families.opened.get(shard, labels);
  }

  void opened() {
    opened.increment();
  }

  void closed(Error error) {
    closed
        .computeIfAbsent(error, e -> families.closed.get(shard, labels.and("error", e.label)))
        .increment();
  }
}
