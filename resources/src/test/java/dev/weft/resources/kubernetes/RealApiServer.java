package dev.weft.resources.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A real API server for the tests of one class, or none and why. */
final class RealApiServer implements AutoCloseable {
  private static final DockerImageName K3S = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");

  private final Config config;
  private final AutoCloseable server;

  private RealApiServer(Config config, AutoCloseable server) {
    this.config = config;
    this.server = server;
  }

  /** Skips a class of tests where there is no API server, and says what is missing. */
  static final class Required implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return switch (choice()) {
        case ApiServerChoice.Named named -> ConditionEvaluationResult.enabled(named.toString());
        case ApiServerChoice.Container container ->
            ConditionEvaluationResult.enabled(container.toString());
        case ApiServerChoice.None(String reason) -> ConditionEvaluationResult.disabled(reason);
      };
    }
  }

  static ApiServerChoice choice() {
    return ApiServerChoice.of(
        Optional.ofNullable(System.getenv("KUBECONFIG")),
        () ->
            DockerClientFactory.instance().isDockerAvailable()
                ? Optional.empty()
                : Optional.of("no Docker daemon answers"));
  }

  /** Finds the server, or starts one. */
  static RealApiServer open() {
    return switch (choice()) {
      case ApiServerChoice.Named _ -> new RealApiServer(Config.autoConfigure(null), () -> {});
      case ApiServerChoice.Container _ -> {
        K3sContainer container = new K3sContainer(K3S);
        container.start();
        yield new RealApiServer(Config.fromKubeconfig(container.getKubeConfigYaml()), container);
      }
      case ApiServerChoice.None(String reason) -> throw new IllegalStateException(reason);
    };
  }

  KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
