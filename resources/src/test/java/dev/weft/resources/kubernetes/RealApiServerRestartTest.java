package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.KindHealth;
import dev.weft.resources.RecordingListener;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real API server that is gone for a while; skipped by name where there is none. */
@ExtendWith(RealApiServer.Required.class)
final class RealApiServerRestartTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final String name = "weft-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void server_goneForAWhile_freezesWhatWasSeenAndIsNamedUntilItIsBack() throws Exception {
    try (RealApiServer server = RealApiServer.open();
        KubernetesClient admin = server.client();
        ApiServerRelay network = ApiServerRelay.before(admin.getConfiguration());
        KubernetesClient client = network.client(admin.getConfiguration());
        KubernetesSource source =
            KubernetesSource.start(
                client, KubernetesSource.Settings.DEFAULT, Clock.systemUTC(), new Random(1))) {
      RecordingListener listener = new RecordingListener();
      source.watch(Set.of(ResourceKind.SERVICE), listener);
      listener.awaitSynced();
      awaitHealth(source, KindHealth.SEEN);
      int before = source.status().objects().get(ResourceKind.SERVICE);

      network.cut();
      awaitHealth(source, KindHealth.LOST);
      assertThat(source.status().synced()).as("what was seen stays in use").isTrue();
      assertThat(source.status().objects().get(ResourceKind.SERVICE)).isEqualTo(before);
      assertThat(source.status().lastError().orElseThrow())
          .contains("Service")
          .contains("what was seen before stays in use");
      admin.resource(service()).create();
      try {
        network.mend();
        awaitHealth(source, KindHealth.SEEN);
        Awaitility.await()
            .atMost(LIMIT)
            .until(
                () ->
                    listener.objects().values().stream()
                        .anyMatch(found -> found.meta().name().equals(name)));
        assertThat(source.status().lastError()).isEmpty();
      } finally {
        admin.resource(service()).delete();
      }
    }
  }

  private static void awaitHealth(KubernetesSource source, KindHealth health) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> source.status().kinds().get(ResourceKind.SERVICE) == health);
  }

  private Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withClusterIP("None")
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }
}
