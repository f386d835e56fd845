package dev.weft.helm;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The cluster that KUBECONFIG names, with a namespace of the test's own. */
final class Cluster implements AutoCloseable {
  private final Path kubeConfig;
  private final String namespace;
  private final KubernetesClient client;

  private Cluster(Path kubeConfig) {
    this.kubeConfig = kubeConfig;
    this.namespace = "charts-" + UUID.randomUUID().toString().substring(0, 8);
    Config config = Config.fromKubeconfig(kubeConfig.toFile());
    config.setRequestRetryBackoffLimit(0); // A refusal may come as status 500.
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The cluster; the test is skipped where none is named. */
  static Cluster orSkip() {
    String path = System.getenv("KUBECONFIG");
    Assumptions.assumeTrue(
        path != null && Files.isReadable(Path.of(path)), "KUBECONFIG names no cluster");
    return new Cluster(Path.of(java.util.Objects.requireNonNull(path)));
  }

  Path kubeConfig() {
    return kubeConfig;
  }

  String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return client;
  }

  /** Makes the namespace, at a level of Pod Security. */
  void createNamespace(String podSecurity) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
                .endMetadata()
                .build())
        .create();
    // An API server without controllers makes none, and admits no pod without it.
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  /**
   * Custom resource definitions go some time after they were deleted; none can be made meanwhile.
   */
  void awaitNoDefinitionIsLeaving() {
    client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
        .filter(definition -> definition.getMetadata().getDeletionTimestamp() != null)
        .forEach(
            definition ->
                client
                    .resource(definition)
                    .waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS));
  }

  /**
   * Has the API server judge an object, fields it does not know included, without keeping it.
   *
   * @throws KubernetesClientException if it refuses
   */
  void judge(Map<?, ?> object) {
    apply(object, true);
  }

  /** Creates an object, or makes it what it should be. */
  void apply(Map<?, ?> object) {
    apply(object, false);
  }

  private void apply(Map<?, ?> object, boolean dryRun) {
    GenericKubernetesResource sent =
        Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class);
    var _ =
        client
            .resource(sent)
            .dryRun(dryRun)
            .fieldValidation(FieldValidateable.Validation.STRICT)
            .fieldManager("charts-test")
            .forceConflicts()
            .serverSideApply();
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
