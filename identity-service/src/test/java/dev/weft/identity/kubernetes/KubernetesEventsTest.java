package dev.weft.identity.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.identity.event.IdentityEvent;
import dev.weft.mesh.IdentityNames;
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

class KubernetesEventsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private FakeApiServer apiServer;
  private KubernetesClient client;
  private KubernetesEvents events;

  @BeforeEach
  void start() throws Exception {
    apiServer = new FakeApiServer();
    client = apiServer.client();
    events =
        new KubernetesEvents(client, IdentityNames.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    events.close();
    client.close();
    apiServer.close();
  }

  @Test
  void leafIssued_isToldOfTheServiceAccount() throws Exception {
    String web = IdentityNames.defaults().of("emojivoto", "web");
    events.emit(new IdentityEvent.IssuedLeafCertificate(web, NOW, "ab12"));
    Event event = written("/api/v1/namespaces/emojivoto/events");
    assertThat(event.getReason()).isEqualTo("IssuedLeafCertificate");
    assertThat(event.getType()).isEqualTo("Normal");
    assertThat(event.getSource().getComponent()).isEqualTo("linkerd-identity");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("ServiceAccount");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("web");
    assertThat(event.getMessage()).contains(web).contains("2026-01-01T00:00:00Z").contains("ab12");
  }

  @Test
  void issuerUpdateSkipped_isAWarningOfTheDeployment() throws Exception {
    events.emit(new IdentityEvent.IssuerUpdateSkipped("expired"));
    Event event = written("/api/v1/namespaces/linkerd/events");
    assertThat(event.getReason()).isEqualTo("IssuerUpdateSkipped");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("apps/v1");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Deployment");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("linkerd-identity");
  }

  private Event written(String path) throws InterruptedException {
    FakeApiServer.Request request = apiServer.arrived.poll(10, TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    assertThat(request.path()).startsWith(path);
    return Serialization.unmarshal(request.body(), Event.class);
  }
}
