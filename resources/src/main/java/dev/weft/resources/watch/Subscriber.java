package dev.weft.resources.watch;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One watch of a source; has identity rather than equality. Runs on the source's loop only, but for
 * {@link #close}. A listener that throws harms nobody else, and one that is closed hears nothing.
 */
public final class Subscriber {
  private final Subscribers owner;
  private final Set<ResourceKind> kinds;
  private final ResourceListener listener;
  private final Set<ResourceKind> awaited;
  private volatile boolean closed;

  Subscriber(Subscribers owner, Set<ResourceKind> kinds, ResourceListener listener) {
    this.owner = owner;
    this.kinds = Set.copyOf(kinds);
    this.listener = listener;
    this.awaited = EnumSet.copyOf(kinds);
  }

  /** What is watched. */
  public Set<ResourceKind> kinds() {
    return kinds;
  }

  /** Tells of objects that were there before the watch, as far as it is about their kinds. */
  public void applied(Collection<Resource> objects) {
    tell(objects.stream().<ResourceChange>map(ResourceChange.Applied::new).toList());
  }

  /** The objects of that kind have all been told. The last kind of the watch ends its beginning. */
  public void synced(ResourceKind kind) {
    if (awaited.remove(kind) && awaited.isEmpty()) {
      call(listener::onSynced);
    }
  }

  void tell(List<ResourceChange> batch) {
    List<ResourceChange> wanted =
        batch.stream().filter(change -> kinds.contains(change.key().kind())).toList();
    if (!wanted.isEmpty()) {
      call(() -> listener.onChange(wanted));
    }
  }

  private void call(Runnable report) {
    if (closed || owner.isClosed()) {
      return;
    }
    try {
      report.run();
    } catch (RuntimeException e) {
      Subscribers.LOG.error("listener {} failed; cause: a fault in it", listener, e);
    }
  }

  /** Ends its reports, at the latest after the one that is under way. Any thread. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
