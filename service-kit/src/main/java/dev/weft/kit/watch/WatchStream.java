package dev.weft.kit.watch;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's stream: sends what its cursor asks for whenever the transport has room.
 *
 * <p>It holds no queue. While the peer is slow, newer snapshots replace each other in the {@link
 * Published} it is attached to, and the cursor computes one step from what was last sent to the
 * newest as soon as the transport is ready again.
 *
 * <p>Threads: any thread may call the public methods, none of which blocks. All writes to the call,
 * and all calls to the cursor, happen in a drain on the executor; an atomic count of signals lets
 * at most one drain run, and makes its effects visible to the next one.
 */
public final class WatchStream<M> {
  private static final Logger LOG = Logger.getLogger(WatchStream.class);

  private final WatchStreams owner;
  private final ServerCallStreamObserver<M> call;
  private final Executor executor;
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicReference<@Nullable Status> ending = new AtomicReference<>();
  private volatile @Nullable Feed<?, M> feed;
  private volatile boolean closed;

  WatchStream(WatchStreams owner, ServerCallStreamObserver<M> call, Executor executor) {
    this.owner = owner;
    this.call = call;
    this.executor = executor;
  }

  void install() {
    call.setOnReadyHandler(this::signal);
    call.setOnCancelHandler(this::close);
  }

  /** Whether the client went away or the stream was ended. */
  public boolean isClosed() {
    return closed;
  }

  /** Starts sending what is published, current value first. Only the first attachment counts. */
  public <T> void attach(Published<T> published, Cursor<? super T, M> cursor) {
    if (feed != null) {
      throw new IllegalStateException("a watch stream is attached once");
    }
    Feed<T, M> attached = new Feed<>(published, cursor);
    feed = attached;
    attached.subscription = published.subscribe(this::signal);
    if (closed) {
      attached.subscription.close();
    }
    signal();
  }

  /**
   * Lets the cursor look again at the value it has, because something else it depends on changed.
   */
  public void refresh() {
    Feed<?, M> attached = feed;
    if (attached != null) {
      attached.stale = true;
      signal();
    }
  }

  /**
   * Ends the call: normally when {@code status} is OK, else with that error. The first one wins.
   */
  public void end(Status status) {
    if (ending.compareAndSet(null, status)) {
      signal();
    }
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    int handled;
    do {
      handled = signals.get();
      step();
    } while (!signals.compareAndSet(handled, 0));
  }

  private void step() {
    if (closed) {
      return;
    }
    try {
      Status status = ending.get();
      if (status != null) {
        finish(status);
        return;
      }
      Feed<?, M> attached = feed;
      if (attached != null) {
        attached.send(call, owner);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "watch stream failed; cause: a fault in the service; the client will retry");
      finish(Status.INTERNAL.withDescription("watch failed").withCause(e));
    }
  }

  private void finish(Status status) {
    close();
    if (call.isCancelled()) {
      return;
    }
    if (status.isOk()) {
      call.onCompleted();
    } else {
      call.onError(status.asRuntimeException());
    }
  }

  private void close() {
    closed = true;
    Feed<?, M> attached = feed;
    if (attached != null && attached.subscription != null) {
      attached.subscription.close();
    }
    owner.closed(this);
  }

  /**
   * What a stream is attached to, with its position; all but {@code stale} belongs to the drain.
   */
  private static final class Feed<T, M> {
    final Published<T> published;
    final Cursor<? super T, M> cursor;
    volatile Published.@Nullable Subscription subscription;
    volatile boolean stale;
    private long sentGeneration;

    Feed(Published<T> published, Cursor<? super T, M> cursor) {
      this.published = published;
      this.cursor = cursor;
    }

    void send(ServerCallStreamObserver<M> call, WatchStreams owner) {
      while (call.isReady()) {
        Published.Version<T> newest = published.current().orElse(null);
        if (newest == null) {
          return;
        }
        boolean newer = newest.generation() != sentGeneration;
        if (!newer && !stale) {
          return;
        }
        stale = false;
        List<M> messages = cursor.advance(newest.value());
        messages.forEach(call::onNext);
        boolean first = sentGeneration == 0;
        owner.sent(messages.size(), newer && !first ? newest.generation() - sentGeneration - 1 : 0);
        sentGeneration = newest.generation();
      }
    }
  }
}
