package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.ResourceSourceContract;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract against a real API server; skipped by name where there is none. */
@ExtendWith(RealApiServer.Required.class)
final class RealApiServerContractTest extends ResourceSourceContract {
  private static RealApiServer server;

  @BeforeAll
  static void reachable() {
    server = RealApiServer.open();
    try (KubernetesClient client = server.client()) {
      assertThat(client.getKubernetesVersion().getMajor()).isEqualTo("1");
    }
  }

  @AfterAll
  static void gone() throws Exception {
    server.close();
  }

  @Override
  protected World newWorld() {
    KubernetesClient client = server.client();
    String namespace = "weft-" + UUID.randomUUID().toString().substring(0, 8);
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    return new World() {
      @Override
      public String namespace() {
        return namespace;
      }

      @Override
      public ResourceSource open() {
        return KubernetesSource.start(
            client, KubernetesSource.Settings.DEFAULT, Clock.systemUTC(), new Random(1));
      }

      @Override
      public void put(ResourceKind kind, String name, String json) {
        client.resource(json.replace(",\"unknownToWeft\":{}", "")).serverSideApply();
      }

      @Override
      public void delete(ResourceKind kind, String name) {
        switch (kind) {
          case SERVICE -> client.services().inNamespace(namespace).withName(name).delete();
          case ENDPOINT_SLICE ->
              client
                  .discovery()
                  .v1()
                  .endpointSlices()
                  .inNamespace(namespace)
                  .withName(name)
                  .delete();
          default -> throw new AssertionError("the contract deletes no " + kind);
        }
      }

      @Override
      public void close() {
        client.services().inNamespace(namespace).delete();
        client.discovery().v1().endpointSlices().inNamespace(namespace).delete();
        client.namespaces().withName(namespace).delete();
        client.close();
      }
    };
  }
}
