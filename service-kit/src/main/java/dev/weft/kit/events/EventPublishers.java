package dev.weft.kit.events;

import dev.weft.kit.resources.ResourcesConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the publisher of an application: Kubernetes Events where its objects come from a cluster,
 * the log where they come from directories. Thread-safe.
 */
@ApplicationScoped
public class EventPublishers {
  private final ResourcesConfig resources;
  private final Instance<KubernetesClient> client;
  private @Nullable KubernetesEventPublisher opened;

  EventPublishers(ResourcesConfig resources, Instance<KubernetesClient> client) {
    this.resources = resources;
    this.client = client;
  }

  /**
   * The publisher; further calls get the same one. It stops with the application.
   *
   * @param component who tells, for example {@code linkerd-proxy-injector}
   */
  public synchronized EventPublisher open(String component) {
    if (!resources.directories().orElse(List.of()).isEmpty()) {
      return EventPublisher.logging();
    }
    if (opened == null) {
      opened = new KubernetesEventPublisher(client.get(), component, Clock.systemUTC());
    }
    return opened;
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    if (opened != null) {
      opened.close();
    }
  }
}
