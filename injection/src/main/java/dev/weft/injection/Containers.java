package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Parts which the injected containers share. */
final class Containers {
  private Containers() {}

  static void httpGet(ObjectNode probe, String path, int port) {
    probe.putObject("httpGet").put("path", path).put("port", port);
  }

  static void mount(ArrayNode mounts, String volume, String path) {
    mounts.addObject().put("mountPath", path).put("name", volume);
  }

  static void seccomp(ObjectNode securityContext) {
    securityContext.putObject("seccompProfile").put("type", "RuntimeDefault");
  }

  /**
   * Turns {@code cpu: {request, limit}} as values write it into {@code requests} and {@code limits}
   * as containers do.
   */
  static ObjectNode resources(ObjectNode values) {
    ObjectNode resources = JsonNodeFactory.instance.objectNode();
    for (String bound : List.of("limit", "request")) {
      ObjectNode amounts = JsonNodeFactory.instance.objectNode();
      for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
        JsonNode amount = values.path(resource).path(bound);
        if (!amount.asText("").isEmpty()) {
          amounts.put(resource, amount.asText());
        }
      }
      if (!amounts.isEmpty()) {
        resources.set(bound + "s", amounts);
      }
    }
    return resources;
  }
}
