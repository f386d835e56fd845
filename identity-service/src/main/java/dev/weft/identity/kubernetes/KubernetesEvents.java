package dev.weft.identity.kubernetes;

import dev.weft.identity.event.EventSink;
import dev.weft.identity.event.IdentityEvent;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.ServiceAccountRef;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Writes core/v1 Events, one after the other, on one thread of its own with a bounded queue: an API
 * server that is slow or refuses costs events, never certificates.
 *
 * <p>Source: facts/identity.md 9. The creator owns it and closes it.
 */
final class KubernetesEvents implements EventSink, AutoCloseable {
  /** Events that may wait. */
  static final int MAX_WAITING = 1_000;

  private static final Logger LOG = Logger.getLogger(KubernetesEvents.class);
  private static final String COMPONENT = "linkerd-identity";

  private final KubernetesClient client;
  private final IdentityNames names;
  private final Clock clock;
  private final ThreadPoolExecutor writer;

  /**
   * @param client borrowed
   */
  KubernetesEvents(KubernetesClient client, IdentityNames names, Clock clock) {
    this.client = client;
    this.names = names;
    this.clock = clock;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("kubernetes-events").factory());
  }

  @Override
  public void emit(IdentityEvent event) {
    Event written = write(event);
    try {
      writer.execute(() -> send(written));
    } catch (RejectedExecutionException _) {
      LOG.debugf("event lost: reason=%s; cause: %d wait already", event.reason(), MAX_WAITING);
    }
  }

  private void send(Event event) {
    try {
      client.v1().events().inNamespace(event.getMetadata().getNamespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.debugf("event not written: reason=%s; cause: %s", event.getReason(), e.getMessage());
    }
  }

  private Event write(IdentityEvent event) {
    ObjectReference about = about(event);
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(COMPONENT + ".")
        .withNamespace(about.getNamespace())
        .endMetadata()
        .withInvolvedObject(about)
        .withReason(event.reason())
        .withMessage(event.message())
        .withType(event.isWarning() ? "Warning" : "Normal")
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private ObjectReference about(IdentityEvent event) {
    if (event instanceof IdentityEvent.IssuedLeafCertificate issued) {
      ServiceAccountRef account =
          names
              .serviceAccountOf(issued.identity())
              .orElseGet(
                  () ->
                      new ServiceAccountRef(
                          names.controlPlaneNamespace(), IdentityNames.IDENTITY_SERVICE_ACCOUNT));
      return new ObjectReferenceBuilder()
          .withApiVersion("v1")
          .withKind("ServiceAccount")
          .withNamespace(account.namespace())
          .withName(account.name())
          .build();
    }
    return new ObjectReferenceBuilder()
        .withApiVersion("apps/v1")
        .withKind("Deployment")
        .withNamespace(names.controlPlaneNamespace())
        .withName(COMPONENT)
        .build();
  }

  @Override
  public void close() {
    writer.shutdownNow();
  }
}
