package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What commands ask of pods. */
public final class Pods {
  /** Name of the proxy's container. */
  public static final String PROXY = "linkerd-proxy";

  /** Admin port of proxies, unless configured otherwise. */
  public static final int ADMIN_PORT = 4191;

  private Pods() {}

  /** The proxy's container, which may be an init container that keeps running. */
  public static Optional<JsonNode> proxy(KubeObject pod) {
    return containers(pod).stream()
        .filter(container -> container.path("name").asText("").equals(PROXY))
        .findFirst();
  }

  /** Init containers first, then the others. */
  public static List<JsonNode> containers(KubeObject pod) {
    List<JsonNode> all = new ArrayList<>(pod.list("/spec/initContainers"));
    all.addAll(pod.list("/spec/containers"));
    return all;
  }

  /** Whether the pod is running and all its containers are ready. */
  public static boolean ready(KubeObject pod) {
    List<JsonNode> statuses = pod.list("/status/containerStatuses");
    return running(pod)
        && !statuses.isEmpty()
        && statuses.stream().allMatch(status -> status.path("ready").asBoolean(false));
  }

  public static boolean running(KubeObject pod) {
    return pod.text("/status/phase").equals("Running");
  }

  /** Whether the container of the proxy is ready. */
  public static boolean proxyReady(KubeObject pod) {
    List<JsonNode> statuses = new ArrayList<>(pod.list("/status/initContainerStatuses"));
    statuses.addAll(pod.list("/status/containerStatuses"));
    return statuses.stream()
        .anyMatch(
            status ->
                status.path("name").asText("").equals(PROXY)
                    && status.path("ready").asBoolean(false));
  }

  /** The tag of the proxy's image; empty if there is none, as when it is pinned by digest. */
  public static String proxyVersion(KubeObject pod) {
    return proxy(pod).map(container -> tag(container.path("image").asText(""))).orElse("");
  }

  /** The value of a variable of the proxy; empty if it has none, or takes it from elsewhere. */
  public static String proxyVariable(KubeObject pod, String name) {
    return proxy(pod).stream()
        .flatMap(container -> KubeObject.items(container.path("env")).stream())
        .filter(variable -> variable.path("name").asText("").equals(name))
        .map(variable -> variable.path("value").asText(""))
        .findFirst()
        .orElse("");
  }

  /** The number of a named port of the proxy. */
  public static int proxyPort(KubeObject pod, String name, int otherwise) {
    return proxy(pod).stream()
        .flatMap(container -> KubeObject.items(container.path("ports")).stream())
        .filter(port -> port.path("name").asText("").equals(name))
        .map(port -> port.path("containerPort").asInt(otherwise))
        .findFirst()
        .orElse(otherwise);
  }

  private static String tag(String image) {
    String plain = image.contains("@") ? "" : image;
    int colon = plain.lastIndexOf(':');
    return colon > plain.lastIndexOf('/') ? plain.substring(colon + 1) : "";
  }
}
