package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finding the pod in a manifest. */
class WorkloadTest {
  @ParameterizedTest
  @CsvSource({
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "DaemonSet",
    "StatefulSet"
  })
  void template_ofEachKind_isFoundWithItsOwner(String kind) {
    ObjectNode manifest =
        Yaml.object(
            "{kind: %s, metadata: {name: a, namespace: n}, spec: {template: {spec: {x: 1}}}}"
                .formatted(kind));

    Workload workload = Workload.of(manifest).orElseThrow();

    assertThat(workload.pod().at("/spec/x").asInt()).isEqualTo(1);
    assertThat(workload.owner())
        .isEqualTo(Optional.of(new Owner(OwnerKind.of(kind).orElseThrow(), "a")));
    assertThat(workload.namespace()).isEqualTo("n");
  }

  @Test
  void template_ofACronJob_liesDeeper() {
    ObjectNode manifest =
        Yaml.object(
            "{kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {template: {spec: {x: 1}}}}}}");

    assertThat(Workload.of(manifest).orElseThrow().pod().at("/spec/x").asInt()).isEqualTo(1);
  }

  @Test
  void pod_isItsOwnTemplateAndHasNoOwner() {
    ObjectNode manifest = Yaml.object("{kind: Pod, spec: {x: 1}}");

    Workload workload = Workload.of(manifest).orElseThrow();

    assertThat(workload.pod()).isSameAs(manifest);
    assertThat(workload.owner()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Namespace", "Service", "ConfigMap"})
  void otherKinds_haveNone(String kind) {
    assertThat(Workload.of(Yaml.object("{kind: %s, spec: {template: {}}}".formatted(kind))))
        .isEmpty();
  }

  @Test
  void patch_appliedToThePod_changesTheManifest() {
    ObjectNode manifest = Yaml.object("{kind: Deployment, spec: {template: {spec: {}}}}");

    JsonPatch.apply(
        Workload.of(manifest).orElseThrow().pod(),
        java.util.List.of(new PatchOperation("/spec/x", Yaml.object("{y: 1}"))));

    assertThat(manifest.at("/spec/template/spec/x/y").asInt()).isEqualTo(1);
  }
}
