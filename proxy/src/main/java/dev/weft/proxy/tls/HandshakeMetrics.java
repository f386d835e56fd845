package dev.weft.proxy.tls;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.Shard;

/**
 * The family {@code weft_tls_handshakes_total}: mesh handshakes that succeeded, by direction and
 * what they established. Thread-safe; both directions share it.
 */
public final class HandshakeMetrics {
  private final Family<Counter> handshakes;

  /** Declares the family. */
  public HandshakeMetrics(Metrics metrics) {
    handshakes =
        metrics.counter("weft_tls_handshakes_total", "Mesh TLS handshakes that succeeded.");
  }

  /**
   * Counts a handshake.
   *
   * @param shard of the channel's loop
   * @param direction {@code inbound} or {@code outbound}
   */
  public void count(Shard shard, String direction, PeerTls peer) {
    handshakes
        .get(
            shard,
            Labels.of(
                "direction",
                direction,
                "peer",
                peer.identity() == null ? "" : peer.identity().text(),
                "version",
                peer.version(),
                "group",
                peer.group()))
        .increment();
  }
}
