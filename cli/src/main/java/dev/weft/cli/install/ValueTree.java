package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees of Helm values. */
public final class ValueTree {
  private ValueTree() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Lays a tree over another, which is changed: objects are merged, everything else replaced. */
  static void merge(ObjectNode into, ObjectNode over) {
    for (Map.Entry<String, JsonNode> field : over.properties()) {
      if (field.getValue() instanceof ObjectNode deeper
          && into.path(field.getKey()) instanceof ObjectNode below) {
        merge(below, deeper);
      } else {
        into.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  /** Sets the value at a path of names, making the objects on the way. */
  static void put(ObjectNode tree, String dottedPath, JsonNode value) {
    int dot = dottedPath.indexOf('.');
    if (dot < 0) {
      tree.set(dottedPath, value);
      return;
    }
    String name = dottedPath.substring(0, dot);
    ObjectNode below = tree.path(name) instanceof ObjectNode there ? there : tree.putObject(name);
    put(below, dottedPath.substring(dot + 1), value);
  }

  static void put(ObjectNode tree, String dottedPath, String text) {
    put(tree, dottedPath, JsonNodeFactory.instance.textNode(text));
  }

  /**
   * Sets the value at a path, if there is one.
   *
   * @param value a whole number, a truth value, or a text
   */
  public static void putIfGiven(ObjectNode tree, String dottedPath, @Nullable Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    switch (value) {
      case null -> {}
      case Integer number -> put(tree, dottedPath, json.numberNode(number));
      case Boolean flag -> put(tree, dottedPath, json.booleanNode(flag));
      default -> put(tree, dottedPath, value.toString());
    }
  }

  /** What a tree says otherwise than another one. */
  static ObjectNode difference(ObjectNode tree, ObjectNode from) {
    ObjectNode difference = empty();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      JsonNode mine = field.getValue();
      JsonNode theirs = from.path(field.getKey());
      if (mine instanceof ObjectNode deeper && theirs instanceof ObjectNode below) {
        ObjectNode inner = difference(deeper, below);
        if (!inner.isEmpty()) {
          difference.set(field.getKey(), inner);
        }
      } else if (!mine.equals(theirs)) {
        difference.set(field.getKey(), mine.deepCopy());
      }
    }
    return difference;
  }
}
