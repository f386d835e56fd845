package dev.weft.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FabricClusterTest {
  @TempDir private Path directory;

  private final FakeCluster objects = new FakeCluster();
  private FakeApiServer server;
  private Cluster cluster;

  @BeforeEach
  void open() throws IOException {
    server = new FakeApiServer(objects);
    cluster = new Access(server.kubeconfig(directory).toString(), "", "", List.of()).open();
  }

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  private void pods(int count) {
    for (int i = 0; i < count; i++) {
      objects.with(
          "{apiVersion: v1, kind: Pod, metadata: {name: p%d, namespace: app, labels: {n: n%d}}}"
              .formatted(i, i % 2));
    }
  }

  @Test
  void list_ofManyPages_isWhole() {
    pods(7);

    assertThat(cluster.list(ObjectKind.POD, "app", "")).hasSize(7);
    assertThat(cluster.list(ObjectKind.POD, Cluster.ALL_NAMESPACES, "n=n1")).hasSize(3);
    assertThat(cluster.list(ObjectKind.POD, "other", "")).isEmpty();
  }

  @Test
  void get_missing_isEmpty() {
    pods(1);

    assertThat(cluster.get(ObjectKind.POD, "app", "p0")).isPresent();
    assertThat(cluster.get(ObjectKind.POD, "app", "p9")).isEmpty();
  }

  @Test
  void refusal_hasCodeAndTheServersMessage() {
    objects.with("{apiVersion: v1, kind: Namespace, metadata: {name: forbidden}}");

    assertThatThrownBy(
            () -> cluster.dryRun(ObjectKind.NAMESPACE, objects.object("Namespace", "forbidden")))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("403")
        .hasMessageContaining("may not be created");
  }

  @Test
  void context_givesTheNamespace() {
    assertThat(cluster.defaultNamespace()).isEqualTo("home");
  }

  @Test
  void server_thatIsGone_isNoAnswer() {
    server.close();

    assertThatThrownBy(() -> cluster.version())
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.code()).isEqualTo(ClusterException.NO_ANSWER));
  }

  @Test
  void kubeconfig_missing_isRefusedByItsName() {
    assertThatThrownBy(() -> new Access("/no/where", "", "", List.of()).open())
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("/no/where");
  }
}
