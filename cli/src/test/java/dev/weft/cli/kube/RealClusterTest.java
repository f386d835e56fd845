package dev.weft.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.Weft;
import dev.weft.injection.Yaml;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The adapter and {@code check --pre} against the API server of {@code KUBECONFIG}. */
@EnabledIfEnvironmentVariable(
    named = "KUBECONFIG",
    matches = ".+",
    disabledReason = "needs a cluster in KUBECONFIG")
final class RealClusterTest {
  private static Cluster open() {
    return new Access("", "", "", List.of()).open();
  }

  @Test
  void objects_areFound() {
    try (Cluster cluster = open()) {
      assertThat(cluster.version().path("gitVersion").asText()).startsWith("v1.");
      assertThat(cluster.get(ObjectKind.NAMESPACE, "", "kube-system")).isPresent();
      assertThat(cluster.get(ObjectKind.NAMESPACE, "", "cmd-nowhere")).isEmpty();
      assertThat(cluster.list(ObjectKind.CUSTOM_RESOURCE_DEFINITION, "", "cmd=none")).isEmpty();
      assertThat(
              cluster.list(ObjectKind.in("nobody.example", "v1", "things", "Thing"), "default", ""))
          .isEmpty();
    }
  }

  @Test
  void dryRun_leavesNothing_andRefusalsSayWhy() {
    try (Cluster cluster = open()) {
      ObjectNode good = Yaml.object("{apiVersion: v1, kind: Namespace, metadata: {name: cmd-dry}}");
      cluster.dryRun(ObjectKind.NAMESPACE, good);
      assertThat(cluster.get(ObjectKind.NAMESPACE, "", "cmd-dry")).isEmpty();

      ObjectNode bad = Yaml.object("{apiVersion: v1, kind: Namespace, metadata: {name: Bad_Name}}");
      assertThatThrownBy(() -> cluster.dryRun(ObjectKind.NAMESPACE, bad))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("Bad_Name");
    }
  }

  @Test
  void impersonation_ofSomebodyWithoutRights_isRefused() {
    try (Cluster cluster = new Access("", "", "cmd-nobody", List.of()).open()) {
      assertThatThrownBy(() -> cluster.list(ObjectKind.SECRET, "kube-system", ""))
          .isInstanceOfSatisfying(ClusterException.class, e -> assertThat(e.code()).isEqualTo(403));
    }
  }

  @Test
  void port_ofAPod_canBeReached() throws IOException {
    try (Cluster cluster = open()) {
      Optional<KubeObject> dns =
          cluster.list(ObjectKind.POD, "kube-system", "k8s-app=kube-dns").stream()
              .filter(Pods::ready)
              .findFirst();
      assumeTrue(dns.isPresent(), "needs a running DNS pod");
      try (PodPort port = cluster.forward("kube-system", dns.get().name(), 53);
          Socket socket = new Socket(port.address().getAddress(), port.address().getPort())) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void checkPre_asSomebodyWithoutRights_namesWhatIsMissing() {
    Weft weft = Weft.run("check", "--pre", "--as", "cmd-nobody", "--wait", "0s");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.out()).contains("√ the API server answers").contains("forbidden");
  }
}
