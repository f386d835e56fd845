package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import dev.weft.mesh.resource.Resource;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.decode.Decoded;
import dev.weft.resources.decode.ResourceDecoder;
import dev.weft.resources.decode.YamlTrees;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a pod to its workload. */
class OwnersTest {
  private final ClusterFacts facts = new ClusterFacts(() -> {});

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet, web-1,  Deployment/web",
    "ReplicaSet, bare,   ReplicaSet/bare",
    "ReplicaSet, canary, ReplicaSet/canary",
    "Job,        n-1,    CronJob/nightly",
    "Job,        once,   Job/once",
    "StatefulSet, db,    StatefulSet/db",
    "DaemonSet,  agent,  DaemonSet/agent",
    "ReplicationController, old, ReplicationController/old",
    "Rollout,    x,      none",
  })
  void controller_ofEachKind_leadsToTheWorkload(String kind, String name, String expected) {
    apply("apps/v1", "ReplicaSet", "web-1", "Deployment", "web");
    apply("apps/v1", "ReplicaSet", "bare", "", "");
    apply("apps/v1", "ReplicaSet", "canary", "Rollout", "web");
    apply("batch/v1", "Job", "n-1", "CronJob", "nightly");
    apply("batch/v1", "Job", "once", "", "");

    assertThat(shown(owners(Duration.ZERO).of(pod(kind, name, ""), "shop"))).isEqualTo(expected);
  }

  @Test
  void replicaSet_thatIsNotKnownYet_isWaitedFor() throws Exception {
    CompletableFuture<Optional<PodOwner>> found =
        CompletableFuture.supplyAsync(
            () -> owners(Duration.ofSeconds(20)).of(pod("ReplicaSet", "late-1", ""), "shop"));

    apply("apps/v1", "ReplicaSet", "late-1", "Deployment", "late");

    assertThat(shown(found.get())).isEqualTo("Deployment/late");
  }

  @Test
  void replicaSet_thatNeverComes_isTakenByItsName() {
    assertThat(
            shown(owners(Duration.ofMillis(1)).of(pod("ReplicaSet", "web-7d9f", "7d9f"), "shop")))
        .isEqualTo("Deployment/web");
  }

  @Test
  void owner_thatDoesNotControl_isNone() {
    ObjectNode pod =
        Yaml.object(
            "metadata: {ownerReferences: [{kind: ReplicaSet, name: a, controller: false}]}");

    assertThat(owners(Duration.ZERO).of(pod, "shop")).isEmpty();
  }

  private Owners owners(Duration wait) {
    return new Owners(facts, wait);
  }

  private static String shown(Optional<PodOwner> owner) {
    return owner.map(o -> o.owner().kind().kind() + "/" + o.owner().name()).orElse("none");
  }

  private static ObjectNode pod(String kind, String name, String hash) {
    return Yaml.object(
        """
        metadata:
          labels: {pod-template-hash: "%s"}
          ownerReferences: [{kind: %s, name: %s, controller: true}]
        """
            .formatted(hash, kind, name));
  }

  private void apply(
      String apiVersion, String kind, String name, String ownerKind, String ownerName) {
    String owners =
        ownerKind.isEmpty()
            ? "[]"
            : "[{apiVersion: v1, kind: %s, name: %s, controller: true}]"
                .formatted(ownerKind, ownerName);
    String manifest =
        """
        apiVersion: %s
        kind: %s
        metadata: {name: %s, namespace: shop, ownerReferences: %s}
        """
            .formatted(apiVersion, kind, name, owners);
    Decoded decoded = ResourceDecoder.manifest(YamlTrees.parse(manifest).getFirst()).getFirst();
    Resource resource = ((Decoded.Known) decoded).resource();
    facts.onChange(List.of(new ResourceChange.Applied(resource)));
  }
}
