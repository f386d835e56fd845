package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.mesh.PortSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which opaque ports an object without an annotation of its own is to have. */
final class OpaquePorts {
  private OpaquePorts() {}

  /** For a pod: the namespace's, else those defaults that it declares. Empty where none is due. */
  static Optional<String> ofPod(PodView pod, Map<String, String> namespace, Settings settings) {
    if (pod.annotations().containsKey(Names.OPAQUE_PORTS)) {
      return Optional.empty();
    }
    PortSet defaults = defaults(settings);
    return inheritedOr(
        namespace, pod.containerPorts().stream().filter(defaults::contains).toList());
  }

  /**
   * For a Service: the namespace's, else those of its ports that lead to a default. A port without
   * a target is its own; a target by name could be any.
   */
  static Optional<String> ofService(
      ObjectNode service, Map<String, String> namespace, Settings settings) {
    if (service.path("metadata").path("annotations").has(Names.OPAQUE_PORTS)) {
      return Optional.empty();
    }
    PortSet defaults = defaults(settings);
    Set<Integer> ports = new LinkedHashSet<>();
    for (JsonNode port : service.path("spec").path("ports")) {
      int number = port.path("port").asInt(0);
      JsonNode target = port.path("targetPort");
      boolean named = target.isTextual() && !target.asText().isEmpty();
      int leadsTo = target.asInt(0) == 0 ? number : target.asInt(0);
      if (!named && defaults.contains(leadsTo)) {
        ports.add(number);
      }
    }
    return inheritedOr(namespace, List.copyOf(ports));
  }

  private static PortSet defaults(Settings settings) {
    return PortSet.parseTolerant(settings.proxy().policy().opaquePorts()).ports();
  }

  private static Optional<String> inheritedOr(Map<String, String> namespace, List<Integer> ports) {
    String inherited = namespace.get(Names.OPAQUE_PORTS);
    if (inherited != null) {
      return Optional.of(inherited);
    }
    List<String> texts = new ArrayList<>();
    ports.forEach(port -> texts.add(String.valueOf(port)));
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join(",", texts));
  }
}
