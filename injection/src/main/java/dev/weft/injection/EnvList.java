package dev.weft.injection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Collects the environment of a container, in order. */
final class EnvList {
  private final ArrayNode list = JsonNodeFactory.instance.arrayNode();

  EnvList set(String name, Object value) {
    list.addObject().put("name", name).put("value", value.toString());
    return this;
  }

  /** Sets a variable unless the value is empty. */
  EnvList setIfAny(String name, String value) {
    return value.isEmpty() ? this : set(name, value);
  }

  EnvList field(String name, String path) {
    list.addObject()
        .put("name", name)
        .putObject("valueFrom")
        .putObject("fieldRef")
        .put("fieldPath", path);
    return this;
  }

  EnvList addAll(ArrayNode variables) {
    list.addAll(variables);
    return this;
  }

  ArrayNode list() {
    return list;
  }
}
