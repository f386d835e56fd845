package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the control plane's chart makes of its values. */
final class ControlPlaneTest {
  private static final String INJECTOR_WEBHOOK = "linkerd-proxy-injector-webhook-config";

  private static List<Manifest> render(Rendering rendering) {
    return Charts.render(Chart.CONTROL_PLANE, rendering);
  }

  @ParameterizedTest
  @MethodSource("dev.weft.helm.Samples#all")
  void rendering_again_givesTheSameBytes(Rendering rendering) {
    assertThat(render(rendering)).isEqualTo(render(rendering));
  }

  @ParameterizedTest
  @MethodSource("dev.weft.helm.Samples#all")
  void objects_always_carryTheControlPlanesNamespace(Rendering rendering) {
    assertThat(render(rendering))
        .allSatisfy(
            manifest ->
                assertThat(
                        Objects.at(
                            Objects.tree(manifest),
                            "metadata",
                            "labels",
                            "linkerd.io/control-plane-ns"))
                    .as("%s %s", manifest.kind(), manifest.name())
                    .isEqualTo("linkerd"));
  }

  /** Pod Security "restricted", from which the container that redirects traffic is exempt. */
  @ParameterizedTest
  @MethodSource("dev.weft.helm.Samples#all")
  void containers_always_areRestricted(Rendering rendering) {
    for (Object pod : Objects.podSpecs(render(rendering))) {
      assertThat(Objects.at(pod, "automountServiceAccountToken")).isEqualTo(false);
      Objects.containers(pod).forEach(ControlPlaneTest::assertRestricted);
    }
  }

  private static void assertRestricted(Object container) {
    boolean redirects = "linkerd-init".equals(Objects.at(container, "name"));
    Object context = Objects.at(container, "securityContext");
    assertThat(Objects.at(context, "allowPrivilegeEscalation")).isEqualTo(false);
    assertThat(Objects.at(context, "readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(Objects.at(context, "runAsNonRoot")).isEqualTo(true);
    assertThat(Objects.at(context, "seccompProfile", "type")).isEqualTo("RuntimeDefault");
    assertThat(Objects.list(context, "capabilities", redirects ? "add" : "drop"))
        .isEqualTo(redirects ? List.of("NET_ADMIN", "NET_RAW") : List.of("ALL"));
    if (!redirects) {
      assertThat(Objects.at(context, "capabilities", "add")).isNull();
    }
  }

  @Test
  void secret_ofTheIssuerKeptByOthers_isNotRendered() {
    assertThat(render(Samples.CERT_MANAGER))
        .extracting(Manifest::name)
        .doesNotContain("linkerd-identity-issuer", "linkerd-identity-trust-roots")
        .doesNotContain("linkerd-proxy-injector-k8s-tls", "linkerd-policy-validator-k8s-tls");
  }

  @Test
  void webhook_byDefault_hasNoCaBundleAndNoSecret() {
    List<Manifest> manifests = render(Samples.DEFAULT);

    Object webhook =
        Objects.list(
                Objects.find(manifests, "MutatingWebhookConfiguration", INJECTOR_WEBHOOK),
                "webhooks")
            .getFirst();
    assertThat(Objects.at(webhook, "clientConfig", "caBundle")).isNull();
    assertThat(Objects.at(webhook, "failurePolicy")).isEqualTo("Ignore");
    assertThat(manifests)
        .extracting(Manifest::name)
        .doesNotContain("linkerd-proxy-injector-k8s-tls");
  }

  @Test
  void validators_switchedOff_areNeitherCalledNorServedNorHaveRights() {
    List<Manifest> manifests = render(Samples.NO_VALIDATORS);

    assertThat(manifests)
        .extracting(Manifest::kind)
        .doesNotContain("ValidatingWebhookConfiguration");
    assertThat(manifests).extracting(Manifest::name).noneMatch(name -> name.contains("-validator"));
    assertThat(List.of("linkerd-policy", "linkerd-destination"))
        .allSatisfy(
            deployment ->
                assertThat(environment(manifests, deployment))
                    .containsEntry("WEFT_WEBHOOK_ENABLED", "false"));
  }

  private static Map<String, String> environment(List<Manifest> manifests, String deployment) {
    Object container =
        Objects.list(
                Objects.find(manifests, "Deployment", deployment),
                "spec",
                "template",
                "spec",
                "containers")
            .getFirst();
    Map<String, String> environment = new HashMap<>();
    for (Object variable : Objects.list(container, "env")) {
      environment.put(
          String.valueOf(Objects.at(variable, "name")),
          String.valueOf(Objects.at(variable, "value")));
    }
    return environment;
  }

  @Test
  void webhook_certManagerInjects_saysFromWhereAndHasNoRightsToItself() {
    List<Manifest> manifests = render(Samples.CERT_MANAGER);

    assertThat(
            Objects.at(
                Objects.find(manifests, "MutatingWebhookConfiguration", INJECTOR_WEBHOOK),
                "metadata",
                "annotations",
                "cert-manager.io/inject-ca-from"))
        .isEqualTo("linkerd/injector");
    assertThat(manifests)
        .extracting(Manifest::name)
        .noneMatch(name -> name.contains("certificate"));
  }

  @Test
  void webhook_certificateGiven_isServedAndTrusted() {
    List<Manifest> manifests = render(Samples.OWN_CERTIFICATES);

    assertThat(
            Objects.at(
                Objects.find(manifests, "Secret", "linkerd-proxy-injector-k8s-tls"),
                "data",
                "tls.key"))
        .isNotNull();
    Object webhook =
        Objects.list(
                Objects.find(manifests, "MutatingWebhookConfiguration", INJECTOR_WEBHOOK),
                "webhooks")
            .getFirst();
    assertThat(Objects.at(webhook, "clientConfig", "caBundle")).isNotNull();
  }

  @Test
  void configMap_always_hasTheValuesWithoutPrivateKeys() {
    String values =
        String.valueOf(
            Objects.at(
                Objects.find(render(Samples.OWN_CERTIFICATES), "ConfigMap", "linkerd-config"),
                "data",
                "values"));

    assertThat(values)
        .contains("identityTrustDomain: cluster.local", "clusterDomain: cluster.local")
        .doesNotContain("keyPEM", "secret-key");
  }

  @Test
  void replicas_highlyAvailable_areSpreadAndGuarded() {
    List<Manifest> manifests = render(Samples.HIGHLY_AVAILABLE);

    assertThat(manifests)
        .filteredOn(manifest -> manifest.kind().equals("PodDisruptionBudget"))
        .extracting(Manifest::name)
        .containsExactlyInAnyOrder(
            "linkerd-identity", "linkerd-dst", "linkerd-policy", "linkerd-proxy-injector");
    assertThat(manifests)
        .filteredOn(manifest -> manifest.kind().equals("Deployment"))
        .hasSize(4)
        .allSatisfy(
            manifest ->
                assertThat(Objects.at(Objects.tree(manifest), "spec", "replicas")).isEqualTo(3));
    assertThat(Objects.podSpecs(manifests))
        .allSatisfy(pod -> assertThat(Objects.at(pod, "affinity", "podAntiAffinity")).isNotNull());
  }

  @Test
  void proxies_behindACniPlugin_checkInsteadOfRedirecting() {
    assertThat(Objects.podSpecs(render(Samples.CNI)))
        .allSatisfy(
            pod ->
                assertThat(Objects.list(pod, "initContainers").getFirst())
                    .extracting(container -> Objects.at(container, "name"))
                    .isEqualTo("linkerd-network-validator"));
  }

  @Test
  void proxy_ofIdentity_isTheLastContainer() {
    Map<?, ?> identity = Objects.find(render(Samples.DEFAULT), "Deployment", "linkerd-identity");

    assertThat(Objects.list(identity, "spec", "template", "spec", "containers"))
        .extracting(container -> Objects.at(container, "name"))
        .containsExactly("identity", "linkerd-proxy");
  }

  @ParameterizedTest
  @CsvSource({"plain, 0", "json, 4"})
  void services_askedForALogFormat_areToldOfJsonAlone(String format, int told) {
    List<Manifest> manifests = render(Samples.DEFAULT.withSet("controllerLogFormat", format));

    assertThat(Objects.podSpecs(manifests))
        .flatExtracting(pod -> Objects.containers(pod).toList())
        .flatExtracting(container -> Objects.list(container, "env"))
        .filteredOn(env -> "QUARKUS_LOG_CONSOLE_JSON_ENABLED".equals(Objects.at(env, "name")))
        .hasSize(told)
        .allSatisfy(env -> assertThat(Objects.at(env, "value")).isEqualTo("true"));
  }

  @Test
  void proxy_ofWhatItsOwnPodServes_isToldNoNameThere() {
    Map<?, ?> policy = Objects.find(render(Samples.DEFAULT), "Deployment", "linkerd-policy");
    Object proxy = Objects.list(policy, "spec", "template", "spec", "initContainers").getLast();

    List<String> names =
        Objects.list(proxy, "env").stream()
            .map(env -> String.valueOf(Objects.at(env, "name")))
            .toList();
    assertThat(names)
        .contains("LINKERD2_PROXY_POLICY_SVC_ADDR", "LINKERD2_PROXY_DESTINATION_SVC_NAME")
        .doesNotContain("LINKERD2_PROXY_POLICY_SVC_NAME");
  }

  @Test
  void identity_always_mayReviewTokensAndTellAndNothingElse() {
    assertThat(Rights.of(render(Samples.DEFAULT)).clusterWide("linkerd-identity"))
        .isEqualTo(
            Set.of(
                new Right("authentication.k8s.io", "tokenreviews", "create"),
                new Right("", "events", "create")));
  }
}
