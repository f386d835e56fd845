package dev.weft.resources.kubernetes;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.ResourceSourceContract;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Random;

/** The contract against a server of our own, which is always there. */
final class KubernetesSourceContractTest extends ResourceSourceContract {
  @Override
  protected World newWorld() throws Exception {
    FakeApiServer server = new FakeApiServer();
    KubernetesClient client = server.client();
    return new World() {
      @Override
      public String namespace() {
        return "shop";
      }

      @Override
      public ResourceSource open() {
        return KubernetesSource.start(
            client, KubernetesSource.Settings.DEFAULT, Clock.systemUTC(), new Random(1));
      }

      @Override
      public void put(ResourceKind kind, String name, String json) {
        server.put(
            kind,
            name,
            json.replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"%VERSION%\","));
      }

      @Override
      public void delete(ResourceKind kind, String name) {
        server.delete(kind, name);
      }

      @Override
      public void close() {
        client.close();
        server.close();
      }
    };
  }
}
