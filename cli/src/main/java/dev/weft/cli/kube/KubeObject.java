package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes object as the API server told it. What is missing reads as empty.
 *
 * @param json the whole object; not changed by anybody
 */
public record KubeObject(JsonNode json) {
  public String name() {
    return text("/metadata/name");
  }

  /** Empty for objects of the whole cluster. */
  public String namespace() {
    return text("/metadata/namespace");
  }

  public String uid() {
    return text("/metadata/uid");
  }

  public Map<String, String> labels() {
    return texts("/metadata/labels");
  }

  public Map<String, String> annotations() {
    return texts("/metadata/annotations");
  }

  /**
   * The value at a JSON pointer.
   *
   * @return a missing node where there is none
   */
  public JsonNode at(String pointer) {
    return json.at(pointer);
  }

  /** The text at a JSON pointer; empty where there is none. */
  public String text(String pointer) {
    return json.at(pointer).asText("");
  }

  /** The list at a JSON pointer; empty where there is none. */
  public List<JsonNode> list(String pointer) {
    return items(json.at(pointer));
  }

  /** The texts of an object of texts at a JSON pointer, in order. */
  public Map<String, String> texts(String pointer) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : json.at(pointer).properties()) {
      texts.put(field.getKey(), field.getValue().asText(""));
    }
    return texts;
  }

  /** {@code namespace/name}, or the name alone. */
  public String qualifiedName() {
    return namespace().isEmpty() ? name() : namespace() + "/" + name();
  }

  /** The items of a list node, none for anything else. */
  public static List<JsonNode> items(JsonNode node) {
    return node.isArray() ? node.valueStream().toList() : List.of();
  }
}
