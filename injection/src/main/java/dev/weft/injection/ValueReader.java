package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * The fields of one object among the values, read by name and type. As in templates, a number may
 * be written as text and the other way round; what is missing or null has a default.
 */
final class ValueReader {
  private final ObjectNode object;
  private final String prefix;

  private ValueReader(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  static ValueReader of(ObjectNode root) {
    return new ValueReader(root, "");
  }

  /** The object below a key; an empty one where it is missing. */
  ValueReader at(String key) {
    return new ValueReader(object(key), prefix + key + ".");
  }

  /** The object below a key, as it is; an empty one where it is missing. */
  ObjectNode object(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (node instanceof ObjectNode found) {
      return found;
    }
    throw wrong(key, node, "an object");
  }

  /** Whether an object is below a key. */
  boolean isObject(String key) {
    return object.path(key).isObject();
  }

  /** The list below a key, as it is; an empty one where it is missing. */
  ArrayNode list(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (node instanceof ArrayNode found) {
      return found;
    }
    throw wrong(key, node, "a list");
  }

  /** A text; a number counts as the text it is written with. */
  String text(String key, String absent) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return absent;
    }
    if (node.isTextual() || node.isNumber()) {
      return node.asText();
    }
    throw wrong(key, node, "a text");
  }

  /** A text, or this one where it is missing or empty. */
  String textOr(String key, String emptyOrAbsent) {
    String text = text(key, "");
    return text.isEmpty() ? emptyOrAbsent : text;
  }

  /** A whole number. */
  int number(String key, int absent) {
    JsonNode node = object.path(key);
    if (isAbsent(node) || (node.isTextual() && node.asText().isEmpty())) {
      return absent;
    }
    try {
      if (node.isNumber() || node.isTextual()) {
        return new BigDecimal(node.asText()).intValueExact();
      }
    } catch (ArithmeticException | NumberFormatException _) {
      // Told below.
    }
    throw wrong(key, node, "a whole number");
  }

  /** True or false. */
  boolean flag(String key, boolean absent) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return absent;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual() && node.asText().matches("true|false")) {
      return node.asText().equals("true");
    }
    throw wrong(key, node, "true or false");
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private ValuesException wrong(String key, JsonNode found, String expected) {
    return new ValuesException(
        "value %s%s refused; cause: found %s; fix: write %s"
            .formatted(prefix, key, shown(found), expected));
  }

  private static String shown(JsonNode node) {
    return switch (node) {
      case ObjectNode _ -> "an object";
      case ArrayNode _ -> "a list";
      default -> {
        String text = node.toString();
        yield text.length() > 80 ? text.substring(0, 80) + "..." : text;
      }
    };
  }
}
