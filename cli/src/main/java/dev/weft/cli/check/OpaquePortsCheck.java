package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the opaque ports of Services and those of their pods against each other: clients go by the
 * Service's, servers by the pod's.
 */
final class OpaquePortsCheck {
  private static final String ANNOTATION = "config.linkerd.io/opaque-ports";

  private OpaquePortsCheck() {}

  static Result run(List<KubeObject> services, List<KubeObject> pods) {
    List<String> problems = new ArrayList<>();
    for (KubeObject service : services) {
      boolean headless = service.text("/spec/clusterIP").equals("None");
      if (!headless) {
        pods.stream()
            .filter(pod -> selects(service, pod) && Pods.proxy(pod).isPresent())
            .forEach(pod -> compare(service, pod, problems));
      }
    }
    return Result.ofProblems("opaque ports differ", problems.stream().distinct().toList());
  }

  private static void compare(KubeObject service, KubeObject pod, List<String> problems) {
    for (JsonNode port : service.list("/spec/ports")) {
      int servicePort = port.path("port").asInt();
      Optional<Integer> target = target(port, pod);
      if (target.isEmpty()) {
        continue;
      }
      boolean atService = lists(service, pod, servicePort, "");
      boolean atPod = lists(pod, pod, target.get(), port.path("targetPort").asText(""));
      if (atService != atPod) {
        problems.add(
            atService
                ? "Service %s: port %d is opaque, port %d of pod %s is not"
                    .formatted(service.qualifiedName(), servicePort, target.get(), pod.name())
                : "pod %s: port %d is opaque, port %d of Service %s is not"
                    .formatted(pod.qualifiedName(), target.get(), servicePort, service.name()));
      }
    }
  }

  /** Whether an object's annotation lists a port, by number, range or name. */
  private static boolean lists(KubeObject object, KubeObject pod, int port, String name) {
    for (String item : object.annotations().getOrDefault(ANNOTATION, "").split(",")) {
      String text = item.strip();
      String[] range = text.split("-", 2);
      boolean numeric = text.matches("\\d{1,5}(-\\d{1,5})?");
      if (numeric
          && port >= Integer.parseInt(range[0])
          && port <= Integer.parseInt(range[range.length - 1])) {
        return true;
      }
      if (!numeric
          && !text.isEmpty()
          && (text.equals(name) || named(pod, text).filter(n -> n == port).isPresent())) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Integer> target(JsonNode port, KubeObject pod) {
    JsonNode target = port.path("targetPort");
    if (target.isTextual()) {
      return named(pod, target.asText());
    }
    return Optional.of(target.asInt(0) == 0 ? port.path("port").asInt() : target.asInt());
  }

  private static Optional<Integer> named(KubeObject pod, String name) {
    return Pods.containers(pod).stream()
        .flatMap(container -> KubeObject.items(container.path("ports")).stream())
        .filter(port -> port.path("name").asText("").equals(name))
        .map(port -> port.path("containerPort").asInt())
        .findFirst();
  }

  private static boolean selects(KubeObject service, KubeObject pod) {
    Map<String, String> selector = service.texts("/spec/selector");
    return !selector.isEmpty()
        && service.namespace().equals(pod.namespace())
        && pod.labels().entrySet().containsAll(selector.entrySet());
  }
}
