package dev.weft.proxy.tcp;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;
import io.netty.channel.ChannelHandler;

/**
 * The {@code tcp_*} families, which both directions and both sides of a connection share. Thread-
 * safe.
 *
 * <p>Source: facts/proxy.md 4.3.
 */
public final class TransportMetrics {
  private final Family<Counter> opened;
  private final Family<Counter> closed;
  private final Family<Gauge> open;
  private final Family<Counter> read;
  private final Family<Counter> written;

  /** Declares the families. */
  public TransportMetrics(Metrics metrics) {
    opened = metrics.counter("tcp_open_total", "Connections opened.");
    open = metrics.gauge("tcp_open_connections", "Connections open now.");
    read = metrics.counter("tcp_read_bytes_total", "Bytes read from peers.");
    written = metrics.counter("tcp_write_bytes_total", "Bytes written to peers.");
    closed = metrics.counter("tcp_close_total", "Connections closed.");
  }

  /**
   * A handler that counts one connection from now on: put it where bytes are to be counted, above
   * TLS to count what the application sees.
   *
   * @param shard of the channel's loop
   * @param labels direction, peer and what else is known of the connection
   */
  public ChannelHandler meter(Shard shard, Labels labels) {
    return new TransportMeter(cells(shard, labels), null, null);
  }

  /**
   * The same, for one of many connections whose bytes are counted together besides.
   *
   * @param received counts bytes read
   * @param sent counts bytes written
   */
  public ChannelHandler meter(Shard shard, Labels labels, Counter received, Counter sent) {
    return new TransportMeter(cells(shard, labels), received, sent);
  }

  private TransportMeter.Cells cells(Shard shard, Labels labels) {
    return new TransportMeter.Cells(
        opened.get(shard, labels),
        open.get(shard, labels),
        read.get(shard, labels),
        written.get(shard, labels),
        errno -> closed.get(shard, labels.and("errno", errno)).increment());
  }
}
