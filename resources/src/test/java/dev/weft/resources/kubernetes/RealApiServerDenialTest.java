package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.KindHealth;
import dev.weft.resources.RecordingListener;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** RBAC of a real API server; skipped by name where there is none. */
@ExtendWith(RealApiServer.Required.class)
final class RealApiServerDenialTest {
  private final String user = "weft-test-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void kind_thatIsDenied_isNamedAndSeenOnceTheRightIsGranted() throws Exception {
    try (RealApiServer server = RealApiServer.open();
        KubernetesClient admin = server.client();
        KubernetesClient nobody =
            new KubernetesClientBuilder()
                .withConfig(
                    new ConfigBuilder(admin.getConfiguration())
                        .withImpersonateUsername(user)
                        .build())
                .build();
        KubernetesSource source =
            KubernetesSource.start(
                nobody, KubernetesSource.Settings.DEFAULT, Clock.systemUTC(), new Random(1))) {
      RecordingListener listener = new RecordingListener();
      source.watch(Set.of(ResourceKind.SERVICE), listener);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> source.status().kinds().get(ResourceKind.SERVICE) == KindHealth.DENIED);
      assertThat(source.status().problems())
          .anySatisfy(
              problem ->
                  assertThat(problem)
                      .contains("services is forbidden: User \"" + user + "\"")
                      .contains("fix: let this service get, list and watch services"));
      assertThat(listener.isSynced()).isFalse();
      try {
        grant(admin);
        listener.awaitSynced();
        assertThat(listener.objects()).isNotEmpty();
      } finally {
        admin.resource(binding()).delete();
        admin.resource(role()).delete();
      }
    }
  }

  private void grant(KubernetesClient admin) {
    admin.resource(role()).create();
    admin.resource(binding()).create();
  }

  private ClusterRole role() {
    return new ClusterRoleBuilder()
        .withNewMetadata()
        .withName(user)
        .endMetadata()
        .addNewRule()
        .withApiGroups("")
        .withResources("services")
        .withVerbs("get", "list", "watch")
        .endRule()
        .build();
  }

  private ClusterRoleBinding binding() {
    return new ClusterRoleBindingBuilder()
        .withNewMetadata()
        .withName(user)
        .endMetadata()
        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
        .build();
  }
}
