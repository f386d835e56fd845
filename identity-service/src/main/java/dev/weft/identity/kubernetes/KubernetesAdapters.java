package dev.weft.identity.kubernetes;

import dev.weft.identity.attest.Attestor;
import dev.weft.identity.event.EventSink;
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
  private @Nullable KubernetesEvents events;

  KubernetesAdapters(Instance<KubernetesClient> client) {
    this.client = client;
  }

  /** Judges tokens by the API server. */
  public Attestor tokenReview() {
    return new TokenReviewAttestor(client.get(), IdentityNames.TOKEN_AUDIENCE);
  }

  /** Writes events; stops when the application does. */
  public synchronized EventSink events(IdentityNames names, Clock clock) {
    if (events == null) {
      events = new KubernetesEvents(client.get(), names, clock);
    }
    return events;
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    if (events != null) {
      events.close();
    }
  }
}
