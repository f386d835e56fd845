package dev.weft.identity.kubernetes;

import dev.weft.identity.attest.Attestor;
import dev.weft.kit.events.EventPublisher;
import dev.weft.kit.events.KubernetesEventPublisher;
import dev.weft.mesh.IdentityNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the adapters when they are asked for; a standalone mesh never does, and then there is no
 * client either.
 */
@Singleton
public final class KubernetesAdapters {
  private final Instance<KubernetesClient> client;
  private @Nullable KubernetesEventPublisher events;

  KubernetesAdapters(Instance<KubernetesClient> client) {
    this.client = client;
  }

  /** Judges tokens by the API server. */
  public Attestor tokenReview() {
    return new TokenReviewAttestor(client.get(), IdentityNames.TOKEN_AUDIENCE);
  }

  /** Writes events; stops when the application does. */
  public synchronized EventPublisher events(String component, Clock clock) {
    if (events == null) {
      events = new KubernetesEventPublisher(client.get(), component, clock);
    }
    return events;
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    if (events != null) {
      events.close();
    }
  }
}
