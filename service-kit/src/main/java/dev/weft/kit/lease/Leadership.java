package dev.weft.kit.lease;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One replica's part in choosing a leader by a Lease. Seeks the lead until closed; a lead that is
 * lost is sought again. At no time two replicas are told that they lead: a leader counts its time
 * from before its last renewal, by its own clock, and others wait for the whole of it. That holds
 * for machines whose clocks differ by less than {@code lease - renewWithin}.
 *
 * <p>Needs the rights to create Leases, and to get and patch this one. Owns a thread; borrows the
 * client. Thread-safe.
 *
 * <p>Source: facts/policy.md 4, facts/destination.md 13.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Leadership.class);

  /** How long giving the lead back may take at the end. */
  private static final long RELEASE_LIMIT_SECONDS = 3;

  private final KubernetesClient client;
  private final String name;
  private final LeaseTiming timing;
  private final TimedLock lock;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("lease").factory());
  private final AtomicBoolean leads = new AtomicBoolean();
  private volatile String leader = "";
  private @Nullable CompletableFuture<?> running;
  private boolean closed;

  private Leadership(KubernetesClient client, LeaseName lease, String holder, LeaseTiming timing) {
    this.client = client;
    this.name = lease.name();
    this.timing = timing;
    this.lock =
        new TimedLock(
            new LeaseLock(
                new ObjectMetaBuilder()
                    .withNamespace(lease.namespace())
                    .withName(lease.name())
                    .addToLabels("linkerd.io/control-plane-ns", lease.namespace())
                    .build(),
                holder),
            System::nanoTime);
  }

  /**
   * Where a Lease is.
   *
   * @param namespace that of the control plane
   */
  public record LeaseName(String namespace, String name) {}

  /**
   * Begins to seek the lead; returns at once.
   *
   * @param holder names this replica among all, such as the pod's name
   */
  public static Leadership seek(
      KubernetesClient client, LeaseName lease, String holder, LeaseTiming timing) {
    Leadership leadership = new Leadership(client, lease, holder, timing);
    leadership.run();
    return leadership;
  }

  private synchronized void run() {
    if (closed) {
      return;
    }
    LeaderElectionConfig config =
        new LeaderElectionConfig(
            lock,
            timing.lease(),
            timing.renewWithin(),
            timing.retry(),
            new LeaderCallbacks(() -> leads.set(true), () -> leads.set(false), this::known),
            true,
            name);
    CompletableFuture<?> election = new LeaderElector(client, config, thread).start();
    running = election;
    // An elector serves once; what it ended with is in the lock.
    election.whenCompleteAsync(
        (_, _) -> run(),
        CompletableFuture.delayedExecutor(timing.retry().toMillis(), TimeUnit.MILLISECONDS));
  }

  private void known(String holder) {
    leader = holder;
    LOG.infof("lease %s: leader=%s", name, holder.isEmpty() ? "none" : holder);
  }

  /** Whether this replica leads at this moment. */
  public boolean isLeader() {
    return leads.get() && lock.isHeld();
  }

  /** Who leads as far as is known; empty for nobody. */
  public String leader() {
    return leader;
  }

  /** Why the Lease could not be read or written; empty while it can. */
  public Optional<String> error() {
    return Optional.ofNullable(lock.error());
  }

  /** Gives the lead back, so that another replica need not wait for the Lease to run out. */
  @Override
  public void close() {
    CompletableFuture<?> election;
    synchronized (this) {
      closed = true;
      election = running;
    }
    if (election != null) {
      try {
        CompletableFuture.runAsync(() -> election.cancel(true))
            .orTimeout(RELEASE_LIMIT_SECONDS, TimeUnit.SECONDS)
            .join();
      } catch (CompletionException e) {
        LOG.debugf("lease %s not given back; cause: %s", name, e.getCause());
      }
    }
    thread.shutdownNow();
  }
}
