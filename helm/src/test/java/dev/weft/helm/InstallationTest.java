package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The charts at a real API server, in namespaces of their own; skipped without KUBECONFIG. */
final class InstallationTest {
  private static final Pattern WEBHOOKS = Pattern.compile("linkerd-([a-z-]+-webhook-config)");
  private static final String FOREIGN_DEFINITION = "tcproutes.gateway.networking.k8s.io";

  private Cluster cluster;
  @TempDir private Path scratch;

  @BeforeEach
  void open() {
    cluster = Cluster.orSkip();
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.weft.helm.Samples#all")
  void objects_ofEveryVariant_areAcceptedByTheApiServer(Rendering rendering) {
    cluster.createNamespace("privileged");

    assertThat(Charts.render(Chart.CONTROL_PLANE, inNamespace(rendering)))
        .filteredOn(manifest -> !manifest.kind().equals("Namespace"))
        .allSatisfy(manifest -> cluster.judge(Objects.tree(manifest)));
  }

  @Test
  void pods_behindACniPlugin_areAcceptedAsRestricted() {
    cluster.createNamespace("restricted");

    assertThat(pods(Samples.CNI)).hasSize(4).allSatisfy(cluster::judge);
  }

  @Test
  void pods_thatRedirectThemselves_areRefusedAsRestrictedForTheirCapabilitiesOnly() {
    cluster.createNamespace("restricted");

    assertThat(pods(Samples.DEFAULT))
        .allSatisfy(
            pod ->
                assertThatThrownBy(() -> cluster.judge(pod))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining(
                        "unrestricted capabilities (container \"linkerd-init\" must set"
                            + " securityContext.capabilities.drop=[\"ALL\"]; container"
                            + " \"linkerd-init\" must not include \"NET_ADMIN\", \"NET_RAW\"")
                    .hasMessageNotContaining("runAsNonRoot")
                    .hasMessageNotContaining("seccompProfile")
                    .hasMessageNotContaining("allowPrivilegeEscalation"));
  }

  @Test
  void upgrade_afterTheServiceWroteItsCaBundle_keepsIt() throws IOException {
    Helm helm = new Helm(chartWithWebhooksOf(cluster.namespace()));
    Path values = Files.writeString(scratch.resolve("v.yaml"), Samples.ANCHORS + Samples.ISSUER);
    InstallCommand install = helm.install().withName("weft").withNamespace(cluster.namespace());
    install.createNamespace().withKubeConfig(cluster.kubeConfig()).withValuesFile(values).call();
    try {
      injectorWebhook()
          .edit(
              found -> {
                found.getWebhooks().getFirst().getClientConfig().setCaBundle("YnVuZGxl");
                return found;
              });
      policyWebhook()
          .edit(
              found -> {
                found.getWebhooks().getFirst().getClientConfig().setCaBundle("cG9saWN5");
                return found;
              });

      UpgradeCommand upgrade = helm.upgrade().withName("weft").withNamespace(cluster.namespace());
      upgrade
          .withKubeConfig(cluster.kubeConfig())
          .withValuesFile(values)
          .set("proxyInjector.timeoutSeconds", 7)
          .set("webhookFailurePolicy", "Fail")
          .call();

      MutatingWebhook injector = injectorWebhook().get().getWebhooks().getFirst();
      assertThat(injector.getTimeoutSeconds()).isEqualTo(7);
      assertThat(injector.getClientConfig().getCaBundle()).isEqualTo("YnVuZGxl");
      ValidatingWebhook policy = policyWebhook().get().getWebhooks().getFirst();
      assertThat(policy.getFailurePolicy()).isEqualTo("Fail");
      assertThat(policy.getClientConfig().getCaBundle()).isEqualTo("cG9saWN5");
    } finally {
      uninstall("weft");
    }
    assertThat(injectorWebhook().get()).as("what uninstalling leaves").isNull();
    assertThat(policyWebhook().get()).as("what uninstalling leaves").isNull();
  }

  private Resource<MutatingWebhookConfiguration> injectorWebhook() {
    return cluster
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(cluster.namespace() + "-proxy-injector-webhook-config");
  }

  private Resource<ValidatingWebhookConfiguration> policyWebhook() {
    return cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(cluster.namespace() + "-policy-validator-webhook-config");
  }

  /** A copy of the chart that shares no name with a control plane which may be installed. */
  private Path chartWithWebhooksOf(String namespace) throws IOException {
    Path copy = scratch.resolve("weft");
    try (Stream<Path> files = Files.walk(Path.of("weft"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(Path.of("weft").relativize(file));
        Files.createDirectories(target.getParent());
        Files.writeString(
            target, WEBHOOKS.matcher(Files.readString(file)).replaceAll(namespace + "-$1"));
      }
    }
    return copy;
  }

  @Test
  void definitions_ofTheGatewayApiByOthers_areLeftAlone() throws IOException {
    cluster.awaitNoDefinitionIsLeaving();
    assumeTrue(
        definition("servers.policy.linkerd.io") == null && definition(FOREIGN_DEFINITION) == null,
        "custom resources are defined already");
    cluster.createNamespace("privileged");
    cluster.client().resource(foreignDefinition()).create();
    Helm helm = new Helm(Path.of("weft-crds"));
    try {
      helm.install()
          .withName("weft-crds")
          .withNamespace(cluster.namespace())
          .withKubeConfig(cluster.kubeConfig())
          .set("installGatewayAPI", true)
          .call();

      assertThat(definition(FOREIGN_DEFINITION).getMetadata().getAnnotations())
          .doesNotContainKey("linkerd.io/created-by");
      assertThat(definition("tlsroutes.gateway.networking.k8s.io")).isNotNull();
    } finally {
      uninstall("weft-crds");
      assertThat(definition("tlsroutes.gateway.networking.k8s.io")).as("kept").isNotNull();
      Stream.of("httproutes", "grpcroutes", "tlsroutes", "tcproutes")
          .map(plural -> plural + ".gateway.networking.k8s.io")
          .forEach(
              name ->
                  cluster
                      .client()
                      .apiextensions()
                      .v1()
                      .customResourceDefinitions()
                      .withName(name)
                      .delete());
    }
  }

  @Test
  void customResources_goodAndBad_areToldApart() {
    cluster.createNamespace("privileged");
    boolean defined = definition("servers.policy.linkerd.io") != null;
    List<Manifest> definitions = Charts.render(Chart.CRDS, Rendering.of(cluster.namespace()));
    if (!defined) {
      definitions.forEach(manifest -> cluster.apply(Objects.tree(manifest)));
    }
    try {
      awaitEstablished(definitions);
      assertThat(CustomResources.accepted()).allSatisfy(yaml -> cluster.judge(object(yaml)));
      assertThat(CustomResources.refused())
          .allSatisfy(
              (yaml, reason) ->
                  assertThatThrownBy(() -> cluster.judge(object(yaml)))
                      .isInstanceOf(KubernetesClientException.class)
                      .hasMessageContaining(reason));
    } finally {
      if (!defined) {
        definitions.forEach(
            manifest ->
                cluster
                    .client()
                    .apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(manifest.name())
                    .delete());
      }
    }
  }

  private void uninstall(String release) {
    Helm.uninstall(release)
        .withNamespace(cluster.namespace())
        .withKubeConfig(cluster.kubeConfig())
        .call();
  }

  private void awaitEstablished(List<Manifest> definitions) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                definitions.stream()
                    .map(manifest -> definition(manifest.name()))
                    .allMatch(InstallationTest::isEstablished));
  }

  private static boolean isEstablished(CustomResourceDefinition found) {
    return found != null
        && found.getStatus() != null
        && found.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  private CustomResourceDefinition definition(String name) {
    return cluster.client().apiextensions().v1().customResourceDefinitions().withName(name).get();
  }

  private static CustomResourceDefinition foreignDefinition() throws IOException {
    return Serialization.unmarshal(
        Files.readString(Path.of("weft-crds/files/gateway-api/tcproutes.yaml")),
        CustomResourceDefinition.class);
  }

  private Rendering inNamespace(Rendering rendering) {
    return new Rendering(
        cluster.namespace(), rendering.values(), rendering.sets(), rendering.kubeVersion());
  }

  private Map<?, ?> object(String yaml) {
    Map<Object, Object> object = new LinkedHashMap<>(Serialization.unmarshal(yaml, Map.class));
    object.put("metadata", Map.of("name", "sample", "namespace", cluster.namespace()));
    return object;
  }

  /** The pods of the Deployments, as objects; the API server judges the template of none. */
  private List<Map<?, ?>> pods(Rendering rendering) {
    return Objects.podSpecs(Charts.render(Chart.CONTROL_PLANE, inNamespace(rendering))).stream()
        .<Map<?, ?>>map(
            spec -> {
              Map<Object, Object> withoutAccount = new LinkedHashMap<>((Map<?, ?>) spec);
              withoutAccount.remove("serviceAccountName");
              return Map.of(
                  "apiVersion",
                  "v1",
                  "kind",
                  "Pod",
                  "metadata",
                  Map.of("name", "pod", "namespace", cluster.namespace()),
                  "spec",
                  withoutAccount);
            })
        .toList();
  }
}
