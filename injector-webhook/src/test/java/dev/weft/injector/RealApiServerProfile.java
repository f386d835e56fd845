package dev.weft.injector;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;

/**
 * The injector as a real API server calls it: a namespace and a webhook configuration of its own,
 * and a certificate which it makes itself.
 */
public final class RealApiServerProfile implements QuarkusTestProfile {
  static final String NAMESPACE = "inject-" + UUID.randomUUID().toString().substring(0, 8);
  static final String PLAIN = NAMESPACE + "-plain";

  @Override
  public Map<String, String> getConfigOverrides() {
    int port = freePort();
    InjectorFiles files = InjectorFiles.create();
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      namespace(client, NAMESPACE, Map.of("linkerd.io/inject", "enabled"));
      namespace(client, PLAIN, Map.of());
      client.resource(configuration(port).build()).create();
    }
    return Map.of(
        "weft.webhook.port",
        String.valueOf(port),
        "weft.webhook.host",
        "127.0.0.1",
        "weft.webhook.names",
        "127.0.0.1",
        "weft.webhook.namespace",
        NAMESPACE,
        "weft.webhook.tls.secret",
        "serving",
        "weft.webhook.tls.configuration",
        NAMESPACE,
        "weft.webhook.tls.check",
        "0.2S",
        "weft.injector.values",
        files.values().toString(),
        "weft.injector.trust-anchors",
        files.anchors().toString());
  }

  private static MutatingWebhookConfigurationBuilder configuration(int port) {
    return new MutatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(NAMESPACE)
        .endMetadata()
        .addNewWebhook()
        .withName("linkerd-proxy-injector.linkerd.io")
        .withNewClientConfig()
        .withUrl("https://127.0.0.1:" + port + "/")
        .endClientConfig()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withOperations("CREATE")
        .withResources("pods", "services")
        .withScope("Namespaced")
        .endRule()
        .withNewNamespaceSelector()
        .addNewMatchExpression()
        .withKey("kubernetes.io/metadata.name")
        .withOperator("In")
        .withValues(NAMESPACE, PLAIN)
        .endMatchExpression()
        .endNamespaceSelector()
        .withAdmissionReviewVersions("v1", "v1beta1")
        .withSideEffects("None")
        .withFailurePolicy("Fail")
        .withTimeoutSeconds(10)
        .endWebhook();
  }

  private static void namespace(
      KubernetesClient client, String name, Map<String, String> annotations) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withAnnotations(annotations)
                .endMetadata()
                .build())
        .create();
    // An API server without controllers makes none, and admits no pod without it.
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(name)
                .endMetadata()
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
