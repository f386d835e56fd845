package dev.weft.kit.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock that remembers until when the last successful write of its own holds, and why the last
 * call failed. Written by the elector's threads; read by any.
 */
final class TimedLock implements Lock {
  private final Lock lock;
  private final LongSupplier nanoTime;
  private volatile boolean written;
  private volatile long heldUntilNanos;
  private volatile @Nullable String error;

  TimedLock(Lock lock, LongSupplier nanoTime) {
    this.lock = lock;
    this.nanoTime = nanoTime;
  }

  /** Whether nobody else can have taken over yet, even if this process slept meanwhile. */
  boolean isHeld() {
    return written && heldUntilNanos - nanoTime.getAsLong() > 0;
  }

  @Nullable String error() {
    return error;
  }

  @Override
  public @Nullable LeaderElectionRecord get(KubernetesClient client) {
    try {
      LeaderElectionRecord found = lock.get(client);
      error = null;
      return found;
    } catch (KubernetesClientException e) {
      error = e.getMessage();
      throw e;
    }
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    write(record, () -> lock.create(client, record));
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    write(record, () -> lock.update(client, record));
  }

  /** The time counts from before the request: others count from when they see it, or later. */
  private void write(LeaderElectionRecord record, Runnable request) {
    long before = nanoTime.getAsLong();
    try {
      request.run();
      heldUntilNanos = before + record.getLeaseDuration().toNanos();
      written = lock.identity().equals(record.getHolderIdentity());
      error = null;
    } catch (KubernetesClientException e) {
      error = e.getMessage();
      throw e;
    }
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
