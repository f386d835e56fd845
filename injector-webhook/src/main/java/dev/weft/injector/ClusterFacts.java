package dev.weft.injector;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The namespaces, replica sets and jobs of the cluster, by name. Whoever asks for one that was
 * created a moment ago may wait for it. Safe for use by many threads.
 */
final class ClusterFacts implements ResourceListener {
  /** What is followed; the server sends their metadata only. */
  static final Set<ResourceKind> KINDS =
      EnumSet.of(ResourceKind.NAMESPACE, ResourceKind.REPLICA_SET, ResourceKind.JOB);

  private final Map<ResourceKey, Resource> objects = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable onSynced;

  /**
   * @param onSynced called once, when all is known
   */
  ClusterFacts(Runnable onSynced) {
    this.onSynced = onSynced;
  }

  @Override
  public void onChange(List<ResourceChange> batch) {
    for (ResourceChange change : batch) {
      switch (change) {
        case ResourceChange.Applied applied -> objects.put(applied.key(), applied.resource());
        case ResourceChange.Deleted deleted -> objects.remove(deleted.key());
      }
    }
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onSynced() {
    onSynced.run();
  }

  /** The object; waits for it at most as long as said. */
  Optional<Resource> find(ResourceKind kind, String namespace, String name, Duration wait) {
    ResourceKey key = new ResourceKey(kind, namespace, name);
    Resource found = objects.get(key);
    return found != null ? Optional.of(found) : await(key, wait);
  }

  private Optional<Resource> await(ResourceKey key, Duration wait) {
    long left = wait.toNanos();
    lock.lock();
    try {
      Resource found = objects.get(key);
      while (found == null && left > 0) {
        left = changed.awaitNanos(left);
        found = objects.get(key);
      }
      return Optional.ofNullable(found);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
