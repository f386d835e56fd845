package dev.weft.injection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.GoDuration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts what annotations say over the values of the installation. What the contract ignores is
 * ignored with a warning; what could only end in a pod that the cluster refuses or that cannot
 * start is refused at once.
 */
final class Overrides {
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode values;
  private final PodView pod;
  private final List<String> warnings = new ArrayList<>();

  private Overrides(ObjectNode values, PodView pod) {
    this.values = values;
    this.pod = pod;
  }

  /**
   * The settings for one pod.
   *
   * @param values of the installation
   * @param annotations the pod's, with what it inherits
   * @param namespace the namespace's own
   * @param pod for the names of its ports
   * @param warnings takes what was ignored
   * @throws RefusedException for what cannot be
   */
  static Settings settings(
      Values values,
      Map<String, String> annotations,
      Map<String, String> namespace,
      PodView pod,
      List<String> warnings) {
    Overrides overrides = new Overrides(values.tree(), pod);
    String inject = annotations.getOrDefault(Names.INJECT, "");
    if (inject.equals(Names.INGRESS)) {
      overrides.set("proxy.isIngress", JsonNodeFactory.instance.booleanNode(true));
    }
    for (ConfigAnnotation annotation : ConfigAnnotation.values()) {
      String value = annotations.get(annotation.key());
      if (annotation == ConfigAnnotation.ADDITIONAL_ENV) {
        overrides.environment(namespace.get(annotation.key()), value);
      } else if (value != null) {
        overrides.apply(annotation, value);
      }
    }
    warnings.addAll(overrides.warnings);
    return SettingsReader.read(overrides.values);
  }

  private void apply(ConfigAnnotation annotation, String value) {
    String stripped = value.strip();
    JsonNodeFactory json = JsonNodeFactory.instance;
    Optional<? extends JsonNode> read =
        switch (annotation.form()) {
          case TEXT -> Optional.of(json.textNode(value));
          case WORD -> word(annotation, stripped).map(json::textNode);
          case PORT -> port(annotation, stripped).map(json::numberNode);
          case PORTS -> Optional.of(json.textNode(ports(annotation, value)));
          case OPAQUE -> Optional.of(json.textNode(opaque(annotation, value)));
          case CIDRS -> Optional.of(json.textNode(cidrs(annotation, value)));
          case ID -> id(annotation, stripped).map(json::numberNode);
          case NUMBER -> number(stripped).map(json::numberNode);
          case FLAG -> flag(stripped).map(json::booleanNode);
          case SWITCH -> onOff(stripped).map(json::booleanNode);
          case RATIO -> ratio(stripped).map(json::textNode);
          case CPU -> cpu(annotation, stripped).map(json::textNode);
          case QUANTITY -> Quantities.parse(stripped).map(_ -> json.textNode(stripped));
          case MILLIS -> duration(stripped).map(d -> json.textNode(d.toMillis() + "ms"));
          case SECONDS -> duration(stripped).map(d -> json.textNode(d.toSeconds() + "s"));
          case SECONDS_NUMBER -> duration(stripped).map(Duration::toSeconds).map(json::numberNode);
          case ENV -> Optional.empty();
        };
    if (read.isPresent()) {
      set(annotation.valuePath(), read.get());
    } else {
      ignored(annotation.key(), value, annotation.expected());
    }
  }

  private void ignored(String key, String value, String fix) {
    warnings.add("annotation %s=%s ignored; fix: write %s".formatted(key, shortened(value), fix));
  }

  private static String shortened(String value) {
    return value.length() > 80 ? value.substring(0, 80) + "..." : value;
  }

  private static Optional<String> word(ConfigAnnotation annotation, String value) {
    if (annotation.words().contains(value)) {
      return Optional.of(value);
    }
    if (annotation.valuePath().endsWith("pullPolicy")) {
      throw RefusedException.annotation(
          annotation.key(), value, "no pull policy", annotation.expected());
    }
    return Optional.empty();
  }

  private static Optional<Integer> port(ConfigAnnotation annotation, String value) {
    if (!value.matches("[-+]?[0-9]{1,9}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(value);
    if (port < 1 || port > 65535) {
      throw RefusedException.annotation(annotation.key(), value, "no port", annotation.expected());
    }
    return Optional.of(port);
  }

  private static Optional<Integer> id(ConfigAnnotation annotation, String value) {
    if (!value.matches("[-+]?[0-9]{1,9}")) {
      return Optional.empty();
    }
    int id = Integer.parseInt(value);
    if (id == 0 && annotation == ConfigAnnotation.PROXY_UID) {
      throw RefusedException.annotation(
          annotation.key(), value, "the proxy does not run as root", annotation.expected());
    }
    return id < 0 && annotation == ConfigAnnotation.PROXY_UID ? Optional.empty() : Optional.of(id);
  }

  private static Optional<Integer> number(String value) {
    return value.matches("[0-9]{1,9}") ? Optional.of(Integer.parseInt(value)) : Optional.empty();
  }

  /** As Go reads them, since existing manifests were written for that. */
  private static Optional<Boolean> flag(String value) {
    return switch (value) {
      case "true", "True", "TRUE", "t", "T", "1" -> Optional.of(true);
      case "false", "False", "FALSE", "f", "F", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Boolean> onOff(String value) {
    return switch (value) {
      case Names.ENABLED -> Optional.of(true);
      case Names.DISABLED -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<String> ratio(String value) {
    try {
      double ratio = Double.parseDouble(value);
      return ratio > 0 && ratio < 1 ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private Optional<String> cpu(ConfigAnnotation annotation, String value) {
    Optional<BigDecimal> quantity = Quantities.parse(value);
    quantity.ifPresent(
        cores ->
            set(
                annotation == ConfigAnnotation.CPU_LIMIT
                    ? "proxy.runtime.workers.maximum"
                    : "proxy.runtime.workers.minimum",
                JsonNodeFactory.instance.numberNode(Quantities.roundedUp(cores))));
    return quantity.map(_ -> value);
  }

  private static Optional<Duration> duration(String value) {
    return GoDuration.parse(value).filter(duration -> !duration.isNegative());
  }

  private String ports(ConfigAnnotation annotation, String value) {
    PortList list = PortList.parse(value, Map.of());
    list.problems().forEach(item -> ignored(annotation.key(), item, annotation.expected()));
    return list.text();
  }

  private String opaque(ConfigAnnotation annotation, String value) {
    PortList list = PortList.parse(value, pod.portsByName());
    list.problems().forEach(item -> ignored(annotation.key(), item, annotation.expected()));
    return list.text();
  }

  private static String cidrs(ConfigAnnotation annotation, String value) {
    List<String> blocks = new ArrayList<>();
    for (String item : value.split(",", -1)) {
      String block = item.strip();
      if (block.isEmpty()) {
        continue;
      }
      try {
        Cidr.parse(block);
      } catch (IllegalArgumentException _) {
        throw RefusedException.annotation(
            annotation.key(), block, "no CIDR block", annotation.expected());
      }
      blocks.add(block);
    }
    return String.join(",", blocks);
  }

  /** Merges by name: values, then namespace, then pod; a later one replaces an earlier one. */
  private void environment(@Nullable String namespace, @Nullable String own) {
    merge(namespace);
    if (own != null && !own.equals(namespace)) {
      merge(own);
    }
  }

  private void merge(@Nullable String text) {
    if (text == null) {
      return;
    }
    Optional<ArrayNode> list = environmentList(text);
    if (list.isEmpty()) {
      ignored(
          ConfigAnnotation.ADDITIONAL_ENV.key(), text, ConfigAnnotation.ADDITIONAL_ENV.expected());
      return;
    }
    ArrayNode merged = JsonNodeFactory.instance.arrayNode();
    ValueReader.of(values).at("proxy").list("additionalEnv").forEach(merged::add);
    for (JsonNode variable : list.get()) {
      int same = indexOf(merged, variable.path("name").asText());
      if (same < 0) {
        merged.add(variable);
      } else {
        merged.set(same, variable);
      }
    }
    set(ConfigAnnotation.ADDITIONAL_ENV.valuePath(), merged);
  }

  private static Optional<ArrayNode> environmentList(String text) {
    try {
      if (JSON.readTree(text) instanceof ArrayNode list) {
        for (JsonNode variable : list) {
          if (variable.path("name").asText("").isEmpty()) {
            return Optional.empty();
          }
        }
        return Optional.of(list);
      }
      return Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static int indexOf(ArrayNode variables, String name) {
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).path("name").asText().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private void set(String path, JsonNode value) {
    ObjectNode at = values;
    String[] keys = path.split("\\.", -1);
    for (int i = 0; i < keys.length - 1; i++) {
      at = at.path(keys[i]) instanceof ObjectNode next ? next : at.putObject(keys[i]);
    }
    at.set(keys[keys.length - 1], value);
  }
}
