package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CustomResourcesTest {
  private static List<String> names(Rendering rendering) {
    return Charts.render(Chart.CRDS, rendering).stream().map(Manifest::name).toList();
  }

  @Test
  void gatewayApi_byDefault_isLeftToOthers() {
    assertThat(names(Rendering.of("linkerd")))
        .hasSize(10)
        .noneMatch(name -> name.endsWith("gateway.networking.k8s.io"));
  }

  @Test
  void gatewayApi_wanted_isKeptOnRemoval() {
    assertThat(
            Charts.render(Chart.CRDS, Rendering.of("linkerd").withSet("installGatewayAPI", "true")))
        .filteredOn(manifest -> manifest.name().endsWith("gateway.networking.k8s.io"))
        .hasSize(4)
        .allSatisfy(
            manifest ->
                assertThat(
                        Objects.at(
                            Objects.tree(manifest),
                            "metadata",
                            "annotations",
                            "helm.sh/resource-policy"))
                    .isEqualTo("keep"));
  }

  @Test
  void gatewayApi_oneKindSwitched_doesNotFollowTheSwitchForAll() {
    assertThat(
            names(
                Rendering.of("linkerd")
                    .withSet("installGatewayAPI", "true")
                    .withSet("enableHttpRoutes", "false")))
        .filteredOn(name -> name.endsWith("gateway.networking.k8s.io"))
        .containsExactlyInAnyOrder(
            "tlsroutes.gateway.networking.k8s.io", "tcproutes.gateway.networking.k8s.io");
  }

  @Test
  void definition_ofEveryKind_hasOneStorageVersion() {
    assertThat(
            Charts.render(Chart.CRDS, Rendering.of("linkerd").withSet("installGatewayAPI", "true")))
        .allSatisfy(
            manifest ->
                assertThat(Objects.list(Objects.tree(manifest), "spec", "versions"))
                    .filteredOn(version -> Boolean.TRUE.equals(Objects.at(version, "storage")))
                    .hasSize(1));
  }
}
