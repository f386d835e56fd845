package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Applies and renders patches of {@link PatchOperation}s (RFC 6902). */
public final class JsonPatch {
  private JsonPatch() {}

  /**
   * Changes the tree in place.
   *
   * @param target what to change
   * @param patch in order
   * @throws IllegalArgumentException if a path leads nowhere; the steps before it are done then
   */
  public static void apply(ObjectNode target, List<PatchOperation> patch) {
    for (PatchOperation operation : patch) {
      add(target, operation);
    }
  }

  private static void add(ObjectNode target, PatchOperation operation) {
    int last = operation.path().lastIndexOf('/');
    if (last < 0) {
      throw unreachable(operation);
    }
    JsonNode parent = target.at(operation.path().substring(0, last));
    String key = operation.path().substring(last + 1).replace("~1", "/").replace("~0", "~");
    JsonNode value = operation.value().deepCopy();
    switch (parent) {
      case ObjectNode object -> object.set(key, value);
      case ArrayNode array when key.equals("-") -> array.add(value);
      case ArrayNode array
          when key.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(key) <= array.size() ->
          array.insert(Integer.parseInt(key), value);
      default -> throw unreachable(operation);
    }
  }

  private static IllegalArgumentException unreachable(PatchOperation operation) {
    return new IllegalArgumentException("path " + operation.path() + " leads nowhere");
  }

  /** The JSON text of a patch, as an admission response carries it. */
  public static String render(List<PatchOperation> patch) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (PatchOperation operation : patch) {
      ObjectNode step = list.addObject();
      step.put("op", "add").put("path", operation.path());
      step.set("value", operation.value());
    }
    return list.toString();
  }

  /** A segment of a JSON pointer, escaped. */
  static String escape(String segment) {
    return segment.replace("~", "~0").replace("/", "~1");
  }
}
