package dev.weft.injector;

import dev.weft.kit.events.EventPublishers;
import dev.weft.kit.webhook.Webhook;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.Subscription;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Starts the flow of facts; the webhook opens when all are there. */
@Singleton
final class InjectorStartup {
  private static final String COMPONENT = "linkerd-proxy-injector";

  private final ResourceSource source;
  private final ClusterFacts facts;
  private @Nullable Subscription subscription;

  InjectorStartup(
      InjectorConfig config,
      LiveInstallation installation,
      ResourceSource source,
      EventPublishers events,
      MeterRegistry meters,
      Webhook webhook) {
    this.source = source;
    this.facts =
        new ClusterFacts(() -> webhook.start(admission(config, installation, events, meters)));
  }

  private PodAdmission admission(
      InjectorConfig config,
      LiveInstallation installation,
      EventPublishers events,
      MeterRegistry meters) {
    return new PodAdmission(
        installation,
        facts,
        new InjectionMetrics(meters),
        new InjectionEvents(events.open(COMPONENT)),
        config.lookupWait());
  }

  void start(@Observes StartupEvent event) {
    subscription = source.watch(ClusterFacts.KINDS, facts);
  }

  void stop(@Observes ShutdownEvent event) {
    Subscription running = subscription;
    if (running != null) {
      running.close();
    }
  }
}
