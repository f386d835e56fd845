package dev.weft.kit.events;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
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
 * server that is slow or refuses costs events, never the publisher's work. Needs the right to
 * {@code create} {@code events}. The creator owns it and closes it; events that wait then are lost.
 */
public final class KubernetesEventPublisher implements EventPublisher, AutoCloseable {
  /** Events that may wait. */
  static final int MAX_WAITING = 1_000;

  /** Characters of a message; the API server refuses longer ones. */
  static final int MAX_MESSAGE_LENGTH = 1_024;

  private static final Logger LOG = Logger.getLogger(KubernetesEventPublisher.class);

  private final KubernetesClient client;
  private final String component;
  private final Clock clock;
  private final ThreadPoolExecutor writer;

  /**
   * @param client borrowed
   * @param component who tells, for example {@code linkerd-identity}
   */
  public KubernetesEventPublisher(KubernetesClient client, String component, Clock clock) {
    this.client = client;
    this.component = component;
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
  public void publish(ClusterEvent event) {
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

  private Event write(ClusterEvent event) {
    EventSubject about = event.about();
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(component + ".")
        .withNamespace(about.namespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.apiVersion())
        .withKind(about.kind())
        .withNamespace(about.namespace())
        .withName(about.name())
        .withUid(about.uid().isEmpty() ? null : about.uid())
        .endInvolvedObject()
        .withReason(event.reason())
        .withMessage(shortened(event.message()))
        .withType(
            switch (event.severity()) {
              case NORMAL -> "Normal";
              case WARNING -> "Warning";
            })
        .withNewSource()
        .withComponent(component)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE_LENGTH
        ? message
        : message.substring(0, MAX_MESSAGE_LENGTH - 1) + "…";
  }

  @Override
  public void close() {
    writer.shutdownNow();
  }
}
