package dev.weft.kit.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesEventPublisherTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final EventSubject WEB = EventSubject.serviceAccount("emojivoto", "web");

  private FakeApiServer apiServer;
  private KubernetesClient client;
  private KubernetesEventPublisher events;

  @BeforeEach
  void start() throws Exception {
    apiServer = new FakeApiServer();
    client = apiServer.client();
    events =
        new KubernetesEventPublisher(client, "linkerd-identity", Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    events.close();
    client.close();
    apiServer.close();
  }

  @Test
  void normalEvent_isWrittenInTheNamespaceOfItsSubject() throws Exception {
    events.publish(ClusterEvent.normal(WEB, "IssuedLeafCertificate", "issued"));
    Event event = written("/api/v1/namespaces/emojivoto/events");
    assertThat(event.getReason()).isEqualTo("IssuedLeafCertificate");
    assertThat(event.getMessage()).isEqualTo("issued");
    assertThat(event.getType()).isEqualTo("Normal");
    assertThat(event.getSource().getComponent()).isEqualTo("linkerd-identity");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("v1");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("ServiceAccount");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("web");
    assertThat(event.getInvolvedObject().getUid()).isNull();
    assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void warning_isOfTypeWarning() throws Exception {
    events.publish(
        ClusterEvent.warning(
            EventSubject.deployment("linkerd", "linkerd-identity"), "IssuerUpdateSkipped", "old"));
    Event event = written("/api/v1/namespaces/linkerd/events");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("apps/v1");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Deployment");
  }

  @Test
  void subject_withUid_isNamedByIt() throws Exception {
    EventSubject known = new EventSubject("apps/v1", "Deployment", "a", "b", "1-2-3");
    events.publish(ClusterEvent.normal(known, "Injected", "done"));
    assertThat(written("/api/v1/namespaces/a/events").getInvolvedObject().getUid())
        .isEqualTo("1-2-3");
  }

  @Test
  void message_longerThanTheApiServerTakes_isCut() throws Exception {
    events.publish(ClusterEvent.normal(WEB, "Long", "x".repeat(5_000)));
    assertThat(written("/api/v1/namespaces/emojivoto/events").getMessage())
        .hasSize(KubernetesEventPublisher.MAX_MESSAGE_LENGTH)
        .endsWith("…");
  }

  private Event written(String path) throws InterruptedException {
    FakeApiServer.Request request = apiServer.arrived.poll(10, TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    assertThat(request.path()).startsWith(path);
    return Serialization.unmarshal(request.body(), Event.class);
  }
}
