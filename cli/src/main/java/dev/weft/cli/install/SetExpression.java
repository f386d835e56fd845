package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads values as Helm's {@code --set} writes them: {@code a.b=1,c[0].d=x,list={x,y},none=null}. A
 * backslash takes the meaning from the next character.
 */
final class SetExpression {
  private static final int MOST_ITEMS = 65_536;

  private final String text;
  private final boolean typed;
  private int at;

  private SetExpression(String text, boolean typed) {
    this.text = text;
    this.typed = typed;
  }

  /** Sets values in a tree; texts which look like numbers, booleans or null become that. */
  static void apply(ObjectNode tree, String expression) {
    new SetExpression(expression, true).into(tree);
  }

  /** Sets values in a tree, all of them texts. */
  static void applyTexts(ObjectNode tree, String expression) {
    new SetExpression(expression, false).into(tree);
  }

  /**
   * Sets one value in a tree.
   *
   * @param path the part before {@code =}
   * @throws IllegalArgumentException if the path cannot be read
   */
  static void applyText(ObjectNode tree, String path, String value) {
    SetExpression reader = new SetExpression(path + "=", false);
    reader.set(tree, reader.path(), JsonNodeFactory.instance.textNode(value));
  }

  private void into(ObjectNode tree) {
    while (at < text.length()) {
      List<Object> path = path();
      set(tree, path, value());
    }
  }

  /** Names and indexes up to {@code =}. */
  private List<Object> path() {
    List<Object> path = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '=' -> {
          add(path, name);
          if (path.isEmpty()) {
            throw wrong("a value without a name");
          }
          return path;
        }
        case '.' -> add(path, name);
        case '[' -> {
          add(path, name);
          path.add(index());
        }
        case '\\' -> name.append(at < text.length() ? text.charAt(at++) : c);
        case ',' -> throw wrong("'" + name + "' has no value");
        default -> name.append(c);
      }
    }
    throw wrong("'" + name + "' has no value");
  }

  private static void add(List<Object> path, StringBuilder name) {
    if (!name.isEmpty()) {
      path.add(name.toString());
      name.setLength(0);
    }
  }

  private int index() {
    int end = text.indexOf(']', at);
    try {
      int index = Integer.parseInt(text.substring(at, Math.max(at, end)));
      if (index < 0 || index >= MOST_ITEMS) {
        throw wrong("index " + index);
      }
      at = end + 1;
      return index;
    } catch (NumberFormatException _) {
      throw wrong("an index that is no number");
    }
  }

  private JsonNode value() {
    if (at < text.length() && text.charAt(at) == '{') {
      at++;
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      if (at < text.length() && text.charAt(at) == '}') {
        at++;
      } else {
        char end;
        do {
          String item = word(",}");
          if (at >= text.length()) {
            throw wrong("a list without end");
          }
          end = text.charAt(at++);
          list.add(scalar(item));
        } while (end != '}');
      }
      if (at < text.length() && text.charAt(at++) != ',') {
        throw wrong("text behind a list");
      }
      return list;
    }
    JsonNode value = scalar(word(","));
    at++;
    return value;
  }

  /** Up to one of the characters, which is not read, or the end. */
  private String word(String ends) {
    StringBuilder word = new StringBuilder();
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at++);
      word.append(c == '\\' && at < text.length() ? text.charAt(at++) : c);
    }
    return word.toString();
  }

  private JsonNode scalar(String word) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (!typed) {
      return json.textNode(word);
    }
    return switch (word) {
      case "true" -> json.booleanNode(true);
      case "false" -> json.booleanNode(false);
      case "null" -> json.nullNode();
      default ->
          word.matches("-?(0|[1-9]\\d{0,17})") ? number(Long.parseLong(word)) : json.textNode(word);
    };
  }

  /** As YAML is read, so that equal numbers are equal nodes. */
  private static JsonNode number(long value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return (int) value == value ? json.numberNode((int) value) : json.numberNode(value);
  }

  private void set(ObjectNode tree, List<Object> path, JsonNode value) {
    JsonNode parent = tree;
    for (int step = 0; step < path.size(); step++) {
      Object key = path.get(step);
      boolean last = step == path.size() - 1;
      @Nullable Object next = last ? null : path.get(step + 1);
      JsonNode child = child(parent, key);
      if (last) {
        child = value;
      } else if (next instanceof Integer ? !child.isArray() : !child.isObject()) {
        child =
            next instanceof Integer
                ? JsonNodeFactory.instance.arrayNode()
                : JsonNodeFactory.instance.objectNode();
      }
      put(parent, key, child);
      parent = child;
    }
  }

  private static JsonNode child(JsonNode parent, Object key) {
    return key instanceof Integer index ? parent.path(index) : parent.path((String) key);
  }

  private void put(JsonNode parent, Object key, JsonNode child) {
    switch (parent) {
      case ObjectNode object when key instanceof String name -> object.set(name, child);
      case ArrayNode array when key instanceof Integer index -> {
        while (array.size() <= index) {
          array.addNull();
        }
        array.set(index, child);
      }
      default -> throw wrong("an index where a name is expected");
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "'%s' cannot be read at character %d: %s".formatted(text, at, what));
  }
}
