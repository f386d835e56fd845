package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ChecklistTest {
  private static Stream<Check> all() {
    return Checklist.all().stream().flatMap(category -> category.checks().stream());
  }

  private static List<String> of(CheckMode mode) {
    return Checklist.of(mode).stream().map(Category::id).toList();
  }

  @Test
  void modes_haveTheContractsCategoriesInItsOrder() {
    assertThat(of(CheckMode.PRE))
        .containsExactly(
            "kubernetes-api",
            "kubernetes-version",
            "gateway-api-crd",
            "pre-kubernetes-setup",
            "linkerd-cni-plugin",
            "linkerd-version");
    assertThat(of(CheckMode.CRDS))
        .containsExactly(
            "kubernetes-api",
            "kubernetes-version",
            "gateway-api-crd",
            "linkerd-crd",
            "linkerd-version");
    assertThat(of(CheckMode.DEFAULT))
        .containsExactly(
            "kubernetes-api",
            "kubernetes-version",
            "gateway-api-crd",
            "linkerd-existence",
            "linkerd-config",
            "linkerd-cni-plugin",
            "linkerd-identity",
            "linkerd-webhooks-and-apisvc-tls",
            "linkerd-version",
            "control-plane-version",
            "linkerd-control-plane-proxy",
            "linkerd-ha-checks",
            "linkerd-extension-checks");
    assertThat(of(CheckMode.PROXY))
        .containsExactly(
            "kubernetes-api",
            "kubernetes-version",
            "gateway-api-crd",
            "linkerd-existence",
            "linkerd-config",
            "linkerd-cni-plugin",
            "linkerd-identity",
            "linkerd-webhooks-and-apisvc-tls",
            "linkerd-identity-data-plane",
            "linkerd-version",
            "linkerd-control-plane-proxy",
            "linkerd-data-plane",
            "linkerd-ha-checks");
  }

  @Test
  void everyCheck_hasARemedy() {
    assertThat(all().map(Check::id).distinct())
        .allSatisfy(id -> assertThat(Remedies.all()).containsKey(id));
  }

  @Test
  void everyRemedy_belongsToACheck() {
    assertThat(Remedies.all().keySet())
        .allSatisfy(id -> assertThat(all().map(Check::id)).contains(id));
  }

  @Test
  void descriptions_areDistinctWithinACategory() {
    assertThat(Checklist.all())
        .allSatisfy(
            category ->
                assertThat(category.checks().stream().map(Check::description))
                    .doesNotHaveDuplicates());
  }
}
