package dev.weft.resources.watch;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import dev.weft.resources.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches of one source. {@link #watch} and {@link #close} may be called by any thread, all
 * else runs on the source's loop only.
 */
public final class Subscribers {
  static final Logger LOG = LoggerFactory.getLogger(Subscribers.class);

  private final Executor loop;
  private volatile boolean closed;

  // Below: confined to the loop.
  private final List<Subscriber> present = new ArrayList<>();

  /**
   * Without any watch.
   *
   * @param loop the one thread of the source on which listeners are called; borrowed
   */
  public Subscribers(Executor loop) {
    this.loop = loop;
  }

  /**
   * What a source's {@code watch} does.
   *
   * @param begin called on the loop; gives the subscriber to {@link #add} when it may be told of
   *     changes
   * @throws IllegalStateException if the source is closed
   */
  public Subscription watch(
      Set<ResourceKind> kinds, ResourceListener listener, Consumer<Subscriber> begin) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("nothing to watch; fix: name at least one kind");
    }
    Subscriber subscriber = new Subscriber(this, kinds, listener);
    try {
      loop.execute(() -> begin.accept(subscriber));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the source is closed", e);
    }
    return () -> {
      subscriber.close();
      try {
        loop.execute(() -> present.remove(subscriber));
      } catch (RejectedExecutionException _) {
        // The whole source is closed, and reports nothing any more.
      }
    };
  }

  /** From now on the subscriber is told of changes, unless it was closed before. */
  public void add(Subscriber subscriber) {
    if (!subscriber.isClosed()) {
      present.add(subscriber);
    }
  }

  /** Whether nobody is told of changes. */
  public boolean isEmpty() {
    return present.isEmpty();
  }

  /** Tells each subscriber what is of its kinds; those that none of it concerns hear nothing. */
  public void report(List<ResourceChange> batch) {
    present.forEach(subscriber -> subscriber.tell(batch));
  }

  /** The first list of that kind has been told to all. */
  public void synced(ResourceKind kind) {
    present.forEach(subscriber -> subscriber.synced(kind));
  }

  /** Ends all reports. */
  public void close() {
    closed = true;
  }

  /** Whether reports have ended. */
  public boolean isClosed() {
    return closed;
  }
}
