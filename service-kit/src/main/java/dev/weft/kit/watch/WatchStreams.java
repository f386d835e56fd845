package dev.weft.kit.watch;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * The open watch streams of one gRPC method: opens them, counts them, ends them at shutdown.
 *
 * <p>Threads: any. Streams are drained on the given executor, at most one task per stream at a
 * time, so its queue is bounded by the number of open streams.
 *
 * <p>Metrics, each with label {@code api}: {@code weft_watch_streams}, {@code
 * weft_watch_messages_total}, {@code weft_watch_coalesced_total} (snapshots a slow subscriber never
 * saw because a newer one replaced them).
 */
public final class WatchStreams implements MeterBinder {
  private final String api;
  private final Executor executor;
  private final Set<WatchStream<?>> open = ConcurrentHashMap.newKeySet();
  private final LongAdder messages = new LongAdder();
  private final LongAdder coalesced = new LongAdder();
  private volatile boolean ended;

  /**
   * @param api the gRPC method, as metric label
   * @param executor where streams are drained; may run tasks on several threads
   */
  public WatchStreams(String api, Executor executor) {
    this.api = api;
    this.executor = executor;
  }

  /**
   * Takes over a call's response side. To be called from the service method itself, since gRPC
   * accepts handlers only until that returns; the stream may be attached later from any thread.
   */
  public <M> WatchStream<M> open(ServerCallStreamObserver<M> call) {
    WatchStream<M> stream = new WatchStream<>(this, call, executor);
    open.add(stream);
    stream.install();
    if (ended) {
      stream.end(Status.OK);
    }
    return stream;
  }

  /** Lets every open stream look again, because something all their cursors depend on changed. */
  public void refreshAll() {
    open.forEach(WatchStream::refresh);
  }

  /**
   * Ends every open stream, and each one opened later, with OK: clients then ask another server.
   */
  public void endAll() {
    ended = true;
    open.forEach(stream -> stream.end(Status.OK));
  }

  /** The number of open streams. */
  public int size() {
    return open.size();
  }

  /** The number of snapshots which slow subscribers skipped, since the start. */
  public long coalesced() {
    return coalesced.sum();
  }

  /** The number of messages sent, since the start. */
  public long messages() {
    return messages.sum();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Tags tags = Tags.of("api", api);
    Gauge.builder("weft_watch_streams", this, WatchStreams::size).tags(tags).register(registry);
    FunctionCounter.builder("weft_watch_messages", messages, LongAdder::sum)
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("weft_watch_coalesced", coalesced, LongAdder::sum)
        .tags(tags)
        .register(registry);
  }

  void closed(WatchStream<?> stream) {
    open.remove(stream);
  }

  void sent(int count, long skipped) {
    messages.add(count);
    if (skipped > 0) {
      coalesced.add(skipped);
    }
  }
}
