package dev.weft.policyservice.index;

import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.SerialLoop;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.inbound.compile.Workload;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.compile.OutboundSettings;
import dev.weft.policy.outbound.compile.ServicePort;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * All policies, kept current with the objects.
 *
 * <p>State is confined to one loop. Changes are taken in as they come and published once the loop
 * has caught up with all that had come by then, so a burst costs one computation and reaches each
 * watcher as one change. Callers on any thread get their answer on the loop and must not block
 * there.
 */
public final class PolicyIndex implements ResourceListener, AutoCloseable {
  private static final Logger LOG = Logger.getLogger("dev.weft.policy");

  /** The kinds of objects that policies are made of. */
  public static final Set<ResourceKind> KINDS =
      Set.copyOf(
          EnumSet.of(
              ResourceKind.POD,
              ResourceKind.EXTERNAL_WORKLOAD,
              ResourceKind.SERVER,
              ResourceKind.SERVER_AUTHORIZATION,
              ResourceKind.AUTHORIZATION_POLICY,
              ResourceKind.MESH_TLS_AUTHENTICATION,
              ResourceKind.NETWORK_AUTHENTICATION,
              ResourceKind.POLICY_HTTP_ROUTE,
              ResourceKind.HTTP_ROUTE,
              ResourceKind.GRPC_ROUTE,
              ResourceKind.HTTP_LOCAL_RATE_LIMIT_POLICY,
              ResourceKind.SERVICE));

  /** How long a policy nobody watches is kept, for clients that reconnect. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private final SerialLoop loop = new SerialLoop("policy-index");
  private final ObjectStore objects = new ObjectStore();
  private final InboundViews inbound;
  private final OutboundViews outbound;
  private final Runnable synced;
  private boolean flushDue;

  /**
   * Starts empty.
   *
   * @param namedServiceMustExist whether a target given by name must be an existing Service
   * @param synced called on the loop once all objects that were there at first are taken in
   */
  public PolicyIndex(
      InboundSettings inboundSettings,
      OutboundSettings outboundSettings,
      boolean namedServiceMustExist,
      Runnable synced) {
    inbound = new InboundViews(inboundSettings, objects, GRACE, LOG::warn);
    outbound = new OutboundViews(outboundSettings, namedServiceMustExist, objects, GRACE);
    this.synced = synced;
  }

  @Override
  public void onChange(List<ResourceChange> batch) {
    put(
        () -> {
          batch.forEach(this::apply);
          if (!flushDue) {
            flushDue = true;
            afterBacklog(this::flush);
          }
        });
  }

  @Override
  public void onSynced() {
    put(synced);
  }

  /**
   * Asks for the policy of a port of a workload; {@code answer} gets it on the loop, empty if the
   * workload is not known.
   *
   * @throws RejectedExecutionException if the loop has too much to do, or is closed
   */
  public void inbound(
      WorkloadRef workload,
      int port,
      Consumer<Optional<Published<Answer<InboundPolicy, Server>>>> answer) {
    loop.execute(() -> answer.accept(inbound.watch(workload, port)));
  }

  /** Asks for the policy of an address; see {@link #inbound}. */
  public void outbound(
      IpAddr address,
      int port,
      String clientNamespace,
      Consumer<Optional<Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>>>>
          answer) {
    loop.execute(() -> answer.accept(outbound.watch(address, port, clientNamespace)));
  }

  /** Asks for the policy of a Service by its name; see {@link #inbound}. */
  public void outbound(
      ServicePort target,
      String clientNamespace,
      Consumer<Optional<Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>>>>
          answer) {
    loop.execute(() -> answer.accept(outbound.watch(target, clientNamespace)));
  }

  /** Forgets what nobody watched for a while; to be called every now and then, on any thread. */
  public void sweep(long nowNanos) {
    loop.execute(
        () -> {
          inbound.sweep(nowNanos);
          outbound.sweep(nowNanos);
        });
  }

  /** Stops; watchers keep what they have. */
  @Override
  public void close() {
    loop.close();
  }

  private void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Applied(Pod pod) ->
          inbound.workload(WorkloadRef.of(pod.key()), Workload.of(pod));
      case ResourceChange.Applied(ExternalWorkload workload) ->
          inbound.workload(WorkloadRef.of(workload.key()), Optional.of(Workload.of(workload)));
      case ResourceChange.Applied applied -> {
        if (objects.apply(applied.resource())) {
          inbound.changed(applied.key());
          outbound.changed(applied.key());
        }
      }
      case ResourceChange.Deleted deleted -> {
        if (deleted.key().kind() == ResourceKind.POD
            || deleted.key().kind() == ResourceKind.EXTERNAL_WORKLOAD) {
          inbound.workload(WorkloadRef.of(deleted.key()), Optional.empty());
        } else if (objects.delete(deleted.key())) {
          inbound.changed(deleted.key());
          outbound.changed(deleted.key());
        }
      }
    }
  }

  private void flush() {
    flushDue = false;
    inbound.flush();
    outbound.flush();
  }

  /** Runs a task behind what waits now; at once where nothing more can wait. */
  private void afterBacklog(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException _) {
      task.run();
    }
  }

  private void put(Runnable task) {
    try {
      loop.put(task);
    } catch (InterruptedException e) {
      // The source stops: whatever it had to say is of no use any more.
      Thread.currentThread().interrupt();
    }
  }
}
