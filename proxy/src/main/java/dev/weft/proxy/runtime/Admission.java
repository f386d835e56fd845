package dev.weft.proxy.runtime;

import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether new connections are taken: while there are as many as may be, or file descriptors or
 * buffer memory run out, listeners do not accept, so that clients wait in the kernel and what runs
 * goes on. Thread-safe, never blocks.
 */
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** Share of the limit below which listeners accept again, so that they do not flutter. */
  private static final double RESUME_BELOW = 0.95;

  private final int max;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();
  private final Map<Reason, AtomicLong> pauses = new EnumMap<>(Reason.class);

  /** One bit per reason for which listeners do not accept now. */
  private final AtomicInteger paused = new AtomicInteger();

  /** Why listeners do not accept. */
  public enum Reason {
    /** There are as many connections as may be. */
    CONNECTIONS,
    /** Few file descriptors are left. */
    FILES,
    /** Little buffer memory is left. */
    MEMORY;

    private int bit() {
      return 1 << ordinal();
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An admission.
   *
   * @param max accepted connections at once, at least 1
   */
  public Admission(Metrics metrics, int max) {
    this.max = max;
    metrics.reading(
        "weft_accepted_connections", "Accepted connections open.", Labels.NONE, connections::get);
    metrics.reading(
        "weft_accepted_connections_max", "Most accepted connections.", Labels.NONE, () -> max);
    for (Reason reason : Reason.values()) {
      pauses.put(reason, new AtomicLong());
      metrics.reading(
          "weft_accept_paused",
          "Whether listeners do not accept.",
          Labels.of("reason", reason.label()),
          () -> (paused.get() & reason.bit()) == 0 ? 0 : 1);
    }
    for (Map.Entry<Reason, AtomicLong> entry : pauses.entrySet()) {
      metrics.countReading(
          "weft_accept_pauses_total",
          "How often listeners stopped to accept.",
          Labels.of("reason", entry.getKey().label()),
          entry.getValue()::get);
    }
  }

  /** An admission that never runs out. */
  public static Admission unlimited(Metrics metrics) {
    return new Admission(metrics, Integer.MAX_VALUE);
  }

  /** Begins to accept on a bound listener, now or when there is room. */
  public void open(Channel listener) {
    listeners.add(listener);
    listener.closeFuture().addListener(_ -> listeners.remove(listener));
    apply();
  }

  /** A connection was accepted; counted until it is closed. */
  public void accepted(Channel connection) {
    if (connections.incrementAndGet() >= max) {
      set(Reason.CONNECTIONS, true);
    }
    connection
        .closeFuture()
        .addListener(
            _ -> {
              int left = connections.decrementAndGet();
              if (left < max * RESUME_BELOW && (paused.get() & Reason.CONNECTIONS.bit()) != 0) {
                set(Reason.CONNECTIONS, false);
              }
            });
  }

  /** Says whether a reason holds now. */
  public void set(Reason reason, boolean holds) {
    int bit = reason.bit();
    int before = paused.getAndUpdate(bits -> holds ? bits | bit : bits & ~bit);
    if ((before & bit) != 0 == holds) {
      return;
    }
    if (holds) {
      pauses.get(reason).incrementAndGet();
      LOG.warn(
          "accepting no connections for now; cause: {} run out ({} connections are open); fix:"
              + " raise the limit, or spread the load",
          reason.label(),
          connections.get());
    } else {
      LOG.info("accepting connections again as for {}", reason.label());
    }
    apply();
    boolean stuck = reason == Reason.CONNECTIONS && holds && connections.get() < max * RESUME_BELOW;
    if (stuck) {
      // All others closed while this was being said, and none is left to say the contrary.
      set(Reason.CONNECTIONS, false);
    }
  }

  /** Reads the state last, so that of several threads the last one applies what holds. */
  private void apply() {
    for (Channel listener : listeners) {
      listener.eventLoop().execute(() -> listener.config().setAutoRead(paused.get() == 0));
    }
  }
}
