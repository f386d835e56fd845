package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Trees of Helm values. */
final class ValueTree {
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
