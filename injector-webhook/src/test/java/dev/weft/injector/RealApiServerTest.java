package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.kit.webhook.Webhook;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server calls the webhook; skipped where {@code KUBECONFIG} names none. */
@QuarkusTest
@TestProfile(RealApiServerProfile.class)
@EnabledIfEnvironmentVariable(
    named = "KUBECONFIG",
    matches = ".+",
    disabledReason = "no API server: KUBECONFIG is not set")
class RealApiServerTest {
  private static final String NAMESPACE = RealApiServerProfile.NAMESPACE;

  @Inject Webhook webhook;
  @Inject KubernetesClient client;

  @BeforeEach
  void open() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                webhook.port().isPresent()
                    && client
                            .admissionRegistration()
                            .v1()
                            .mutatingWebhookConfigurations()
                            .withName(NAMESPACE)
                            .get()
                            .getWebhooks()
                            .getFirst()
                            .getClientConfig()
                            .getCaBundle()
                        != null);
    // The API server learns of the bundle by a watch of its own.
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> created(pod("probe", NAMESPACE, Map.of())) != null);
  }

  @AfterAll
  static void remove() {
    try (KubernetesClient client =
        new io.fabric8.kubernetes.client.KubernetesClientBuilder().build()) {
      client
          .admissionRegistration()
          .v1()
          .mutatingWebhookConfigurations()
          .withName(NAMESPACE)
          .delete();
      client.namespaces().withName(NAMESPACE).delete();
      client.namespaces().withName(RealApiServerProfile.PLAIN).delete();
    }
  }

  @Test
  void pod_inEnabledNamespace_isInjected() {
    Pod created = created(pod("web", NAMESPACE, Map.of()));

    assertThat(created.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("linkerd-init", "linkerd-proxy");
    assertThat(created.getMetadata().getLabels())
        .containsEntry("linkerd.io/workload-ns", NAMESPACE)
        .containsEntry("linkerd.io/control-plane-ns", "linkerd");
  }

  @Test
  void pod_inAnotherNamespace_isLeftAsItIs() {
    Pod created = created(pod("web", RealApiServerProfile.PLAIN, Map.of()));

    assertThat(created.getSpec().getInitContainers()).isEmpty();
  }

  @Test
  void pod_thatAsksForNonsense_isDeniedWithAnnotationAndValue() {
    assertThatThrownBy(
            () -> created(pod("web", NAMESPACE, Map.of("config.linkerd.io/admin-port", "99999"))))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("linkerd-proxy-injector.linkerd.io")
        .hasMessageContaining("config.linkerd.io/admin-port=99999");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.linkerd.io/proxy-enable-native-sidecar=false",
        "config.linkerd.io/proxy-await=disabled",
        "config.linkerd.io/enable-debug-sidecar=true",
        "config.linkerd.io/proxy-uid=3000",
        "config.linkerd.io/proxy-gid=3000",
        "config.linkerd.io/proxy-cpu-limit=2",
        "config.linkerd.io/proxy-memory-request=20Mi",
        "config.linkerd.io/proxy-ephemeral-storage-limit=1Gi",
        "config.linkerd.io/admin-port=5191",
        "config.linkerd.io/skip-outbound-ports=25,8000-9000",
        "config.linkerd.io/skip-subnets=10.0.0.0/8",
        "config.linkerd.io/opaque-ports=25,http",
        "config.linkerd.io/proxy-additional-env=[{\"name\":\"A\",\"value\":\"b\"}]",
        "config.linkerd.io/image-pull-policy=Always",
        "config.linkerd.io/shutdown-grace-period=1m30s",
        "config.alpha.linkerd.io/proxy-wait-before-exit-seconds=10",
        "config.linkerd.io/default-inbound-policy=deny",
        "linkerd.io/inject=ingress"
      })
  void pod_withEachAnnotation_isAcceptedByTheServer(String annotation) {
    int equals = annotation.indexOf('=');
    Map<String, String> annotations =
        Map.of(annotation.substring(0, equals), annotation.substring(equals + 1));

    Pod created = created(pod("web", NAMESPACE, annotations));

    assertThat(created.getMetadata().getAnnotations()).containsKey("linkerd.io/proxy-version");
  }

  @Test
  void service_withDatabasePort_isAnnotated() {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("db")
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withNewSpec()
            .addNewPort()
            .withPort(3306)
            .endPort()
            .endSpec()
            .build();

    Service created = client.resource(service).dryRun(true).create();

    assertThat(created.getMetadata().getAnnotations())
        .containsEntry("config.linkerd.io/opaque-ports", "3306");
  }

  @Test
  void deployment_whosePodsAreInjected_isNamedOnThemAndToldOfIt() {
    assumeTrue(
        client.serviceAccounts().inNamespace("default").withName("default").get() != null,
        "skipped: no controllers run beside the API server, so a Deployment gets no pods");
    Deployment deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .withNewSelector()
            .addToMatchLabels("app", "web")
            .endSelector()
            .withTemplate(
                new PodTemplateSpecBuilder()
                    .withNewMetadata()
                    .addToLabels("app", "web")
                    .endMetadata()
                    .withSpec(pod("web", NAMESPACE, Map.of()).getSpec())
                    .build())
            .endSpec()
            .build();
    Deployment created = client.resource(deployment).create();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .pods()
                            .inNamespace(NAMESPACE)
                            .withLabel("linkerd.io/proxy-deployment", "web")
                            .list()
                            .getItems())
                    .hasSize(1));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              List<Event> events =
                  client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                      .filter(event -> event.getReason().equals("Injected"))
                      .toList();
              assertThat(events).isNotEmpty();
              assertThat(events.getFirst().getInvolvedObject().getUid())
                  .isEqualTo(created.getMetadata().getUid());
            });
  }

  private Pod created(Pod pod) {
    return client.resource(pod).dryRun(true).create();
  }

  private static Pod pod(String name, String namespace, Map<String, String> annotations) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        // Nobody schedules it: what runs in it is of no interest here.
        .withSchedulerName("nobody")
        .addNewContainer()
        .withName("web")
        .withImage("weft.local/web:1")
        .endContainer()
        .endSpec()
        .build();
  }
}
