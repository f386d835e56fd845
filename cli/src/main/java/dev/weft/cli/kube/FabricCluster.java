package dev.weft.cli.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cluster through the Kubernetes client library, of which only kubeconfig, authentication, HTTP
 * and port forwarding are used: objects stay JSON trees, without the library's model.
 */
final class FabricCluster implements Cluster {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final int PAGE = 500;
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  private FabricCluster(KubernetesClient client) {
    this.client = client;
  }

  static FabricCluster open(Access access) {
    try {
      Config config = config(access);
      if (!access.user().isEmpty()) {
        config.setImpersonateUsername(access.user());
      }
      if (!access.groups().isEmpty()) {
        config.setImpersonateGroups(access.groups().toArray(new String[0]));
      }
      // Checks repeat what failed themselves, and say so.
      config.setRequestRetryBackoffLimit(0);
      return new FabricCluster(new KubernetesClientBuilder().withConfig(config).build());
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new ClusterException(
          ClusterException.NO_ANSWER, "the kubeconfig cannot be used: " + reason(e));
    }
  }

  private static Config config(Access access) {
    String context = access.context().isEmpty() ? null : access.context();
    if (!access.kubeconfig().isEmpty()) {
      File file = new File(access.kubeconfig());
      if (!file.isFile()) {
        throw new IllegalArgumentException("there is no file " + file);
      }
      return context == null ? Config.fromKubeconfig(file) : Config.fromKubeconfig(context, file);
    }
    return Config.autoConfigure(context);
  }

  @Override
  public String defaultNamespace() {
    String namespace = client.getConfiguration().getNamespace();
    return namespace == null || namespace.isEmpty() ? "default" : namespace;
  }

  @Override
  public JsonNode version() {
    return send("GET", "/version", "").orElseThrow(() -> noSuch("/version"));
  }

  @Override
  public Optional<KubeObject> get(ObjectKind kind, String namespace, String name) {
    return send("GET", path(kind, namespace) + "/" + encode(name), "").map(KubeObject::new);
  }

  @Override
  public List<KubeObject> list(ObjectKind kind, String namespace, String labelSelector) {
    List<KubeObject> found = new ArrayList<>();
    String next = "";
    do {
      String query =
          "?limit="
              + PAGE
              + (labelSelector.isEmpty() ? "" : "&labelSelector=" + encode(labelSelector))
              + (next.isEmpty() ? "" : "&continue=" + encode(next));
      JsonNode page =
          send("GET", path(kind, namespace) + query, "").orElse(MissingNode.getInstance());
      page.path("items").forEach(item -> found.add(new KubeObject(item)));
      next = page.at("/metadata/continue").asText("");
    } while (!next.isEmpty());
    return found;
  }

  @Override
  public KubeObject review(ObjectKind kind, JsonNode object) {
    String path = path(kind, namespaceOf(object));
    return new KubeObject(send("POST", path, object.toString()).orElseThrow(() -> noSuch(path)));
  }

  @Override
  public void dryRun(ObjectKind kind, JsonNode object) {
    String path = path(kind, namespaceOf(object));
    var _ = send("POST", path + "?dryRun=All", object.toString()).orElseThrow(() -> noSuch(path));
  }

  @Override
  public PodPort forward(String namespace, String pod, int port) {
    try {
      return new Forwarded(
          client
              .pods()
              .inNamespace(namespace)
              .withName(pod)
              .portForward(port, InetAddress.getLoopbackAddress(), 0));
    } catch (KubernetesClientException | IllegalStateException e) {
      throw new ClusterException(
          ClusterException.NO_ANSWER,
          "port %d of pod %s/%s cannot be forwarded: %s"
              .formatted(port, namespace, pod, reason(e)));
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private Optional<JsonNode> send(String method, String path, String body) {
    HttpClient http = client.getHttpClient();
    HttpRequest.Builder request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString()).resolve(path))
            .header("Accept", "application/json");
    if (!body.isEmpty()) {
      request.method(method, "application/json", body);
    }
    String what = method + " " + path;
    CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request.build(), String.class);
    HttpResponse<String> response;
    try {
      response = answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ClusterException(
          ClusterException.NO_ANSWER,
          "%s to %s failed: %s".formatted(what, client.getMasterUrl(), reason(e.getCause())));
    } catch (TimeoutException _) {
      answer.cancel(true);
      throw new ClusterException(
          ClusterException.NO_ANSWER,
          "%s got no answer in %d s".formatted(what, ANSWER_LIMIT.toSeconds()));
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ClusterException(ClusterException.NO_ANSWER, what + " was interrupted");
    }
    if (response.code() == NOT_FOUND) {
      return Optional.empty();
    }
    JsonNode json = parse(response.body());
    if (!response.isSuccessful()) {
      throw new ClusterException(
          response.code(),
          "%s was answered %d: %s"
              .formatted(what, response.code(), json.path("message").asText(response.message())));
    }
    return Optional.of(json);
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  private static String path(ObjectKind kind, String namespace) {
    String root = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
    String scope =
        kind.namespaced() && !namespace.isEmpty() ? "/namespaces/" + encode(namespace) : "";
    return root + kind.version() + scope + "/" + kind.plural();
  }

  private static String namespaceOf(JsonNode object) {
    return object.at("/metadata/namespace").asText("");
  }

  private static ClusterException noSuch(String path) {
    return new ClusterException(NOT_FOUND, path + " is not known to the server");
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    Throwable cause = e.getCause();
    return message == null || message.isBlank()
        ? cause == null ? e.getClass().getSimpleName() : reason(cause)
        : message;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
