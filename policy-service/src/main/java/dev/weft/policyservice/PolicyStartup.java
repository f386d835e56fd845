package dev.weft.policyservice;

import dev.weft.kit.webhook.Webhook;
import dev.weft.policyservice.admission.PolicyAdmission;
import dev.weft.policyservice.index.PolicyIndex;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.Subscription;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the flow of objects into the index; the gRPC listener opens when all are there. At the end
 * streams are ended before the listener closes, so that clients see a normal end and ask another
 * server.
 */
@Singleton
final class PolicyStartup {
  private static final Logger LOG = Logger.getLogger("dev.weft.policy");
  private static final int SWEEP_SECONDS = 10;

  /** Before the listener, which stops at the default priority. */
  private static final int BEFORE_LISTENER = 1;

  private final PolicySettings settings;
  private final ResourceSource source;
  private final PolicyIndex index;
  private final PolicyBeans.Streams streams;
  private final Webhook webhook;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("policy-sweep").factory());
  private @Nullable Subscription subscription;

  PolicyStartup(
      PolicySettings settings,
      ResourceSource source,
      PolicyIndex index,
      PolicyBeans.Streams streams,
      Webhook webhook) {
    this.webhook = webhook;
    this.settings = settings;
    this.source = source;
    this.index = index;
    this.streams = streams;
  }

  void start(@Observes StartupEvent event) {
    LOG.infof(
        "policy: default=%s cluster-networks=%s probe-networks=%s routes-count-by=%s",
        settings.inbound().defaultPolicy(),
        settings.inbound().clusterNetworks(),
        settings.inbound().probeNetworks(),
        settings.inbound().acceptance());
    // An object is judged by itself, so admission need not wait for the index.
    webhook.start(new PolicyAdmission());
    subscription = source.watch(PolicyIndex.KINDS, index);
    var _ =
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  private void sweep() {
    try {
      index.sweep(System.nanoTime());
    } catch (RejectedExecutionException e) {
      LOG.debugf("sweep left out; cause: %s", e.getMessage());
    }
  }

  void stop(@Observes @Priority(BEFORE_LISTENER) ShutdownEvent event) {
    sweeper.shutdownNow();
    streams.endAll();
    Subscription running = subscription;
    if (running != null) {
      running.close();
    }
  }
}
