package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What injection asks of a pod, or of the template of one. Borrows the tree and changes nothing.
 */
final class PodView {
  private final ObjectNode pod;

  PodView(ObjectNode pod) {
    this.pod = pod;
  }

  JsonNode spec() {
    return pod.path("spec");
  }

  boolean hasMetadata() {
    return pod.path("metadata").isObject();
  }

  Map<String, String> annotations() {
    return texts(pod.path("metadata").path("annotations"));
  }

  Map<String, String> labels() {
    return texts(pod.path("metadata").path("labels"));
  }

  static Map<String, String> texts(JsonNode map) {
    Map<String, String> texts = new LinkedHashMap<>();
    map.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText("")));
    return texts;
  }

  boolean hostNetwork() {
    return spec().path("hostNetwork").asBoolean(false);
  }

  List<JsonNode> initContainers() {
    return list(spec().path("initContainers"));
  }

  List<JsonNode> containers() {
    return list(spec().path("containers"));
  }

  private static List<JsonNode> list(JsonNode node) {
    List<JsonNode> items = new ArrayList<>();
    node.forEach(items::add);
    return items;
  }

  /** Init containers first, then containers. */
  List<JsonNode> allContainers() {
    List<JsonNode> all = new ArrayList<>(initContainers());
    all.addAll(containers());
    return all;
  }

  Optional<JsonNode> firstContainer() {
    return containers().stream().findFirst();
  }

  /** Where the first container mounts the service account's token, if it does. */
  Optional<JsonNode> serviceAccountMount() {
    return firstContainer().stream()
        .flatMap(container -> list(container.path("volumeMounts")).stream())
        .filter(mount -> mount.path("mountPath").asText().equals(Names.SERVICE_ACCOUNT_PATH))
        .findFirst();
  }

  /** The capabilities which the first container declares, if it does. */
  Optional<JsonNode> capabilities() {
    return firstContainer()
        .map(container -> container.path("securityContext").path("capabilities"))
        .filter(node -> node.isObject() && !node.isEmpty());
  }

  /** Declared ports, in order, none twice. */
  Set<Integer> containerPorts() {
    Set<Integer> ports = new LinkedHashSet<>();
    for (JsonNode container : allContainers()) {
      container
          .path("ports")
          .forEach(
              port -> {
                if (port.path("containerPort").isInt()) {
                  ports.add(port.path("containerPort").intValue());
                }
              });
    }
    return ports;
  }

  /** Numbers of the named ports. */
  Map<String, Collection<Integer>> portsByName() {
    Map<String, Collection<Integer>> named = new LinkedHashMap<>();
    for (JsonNode container : allContainers()) {
      for (JsonNode port : container.path("ports")) {
        String name = port.path("name").asText("");
        if (!name.isEmpty() && port.path("containerPort").isInt()) {
          named
              .computeIfAbsent(name, _ -> new LinkedHashSet<>())
              .add(port.path("containerPort").intValue());
        }
      }
    }
    return named;
  }

  /** Declared ports and those of HTTP probes, as texts in the order of texts. */
  Set<String> inboundPorts() {
    Set<String> ports = new TreeSet<>();
    containerPorts().forEach(port -> ports.add(String.valueOf(port)));
    for (JsonNode container : allContainers()) {
      for (String probe : List.of("readinessProbe", "livenessProbe")) {
        JsonNode port = container.path(probe).path("httpGet").path("port");
        if (port.isInt() && port.intValue() > 0) {
          ports.add(String.valueOf(port.intValue()));
        }
      }
    }
    return ports;
  }

  /** Whether a port is declared for UDP, which a proxy does not carry. */
  boolean hasUdpPort() {
    return allContainers().stream()
        .flatMap(container -> list(container.path("ports")).stream())
        .anyMatch(port -> port.path("protocol").asText("").equals("UDP"));
  }
}
