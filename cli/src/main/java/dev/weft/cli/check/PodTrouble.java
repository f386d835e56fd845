package dev.weft.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;

/** Says in one line why a pod is not ready. */
final class PodTrouble {
  private PodTrouble() {}

  static String of(KubeObject pod) {
    List<String> parts = new ArrayList<>();
    List<JsonNode> statuses = new ArrayList<>(pod.list("/status/initContainerStatuses"));
    statuses.addAll(pod.list("/status/containerStatuses"));
    for (JsonNode status : statuses) {
      boolean done = status.at("/state/terminated/reason").asText("").equals("Completed");
      if (!status.path("ready").asBoolean(false) && !done) {
        parts.add(status.path("name").asText("?") + state(status));
      }
    }
    return "pod %s is %s%s"
        .formatted(
            pod.name(),
            pod.text("/status/phase"),
            parts.isEmpty() ? "" : ", not ready: " + String.join(", ", parts));
  }

  private static String state(JsonNode status) {
    for (String state : List.of("waiting", "terminated")) {
      String reason = status.path("state").path(state).path("reason").asText("");
      if (!reason.isEmpty()) {
        return " (" + reason + ")";
      }
    }
    return "";
  }
}
