package dev.weft.destination.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.mesh.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of a manifest, and where it stands in it. Borrows the tree.
 *
 * @param path for messages, such as {@code spec.routes[0].condition}
 */
record Part(String path, JsonNode node) {
  private static final Duration NO_TIME = Duration.ZERO;

  /** The field, if it is there; null counts as absent. */
  Optional<Part> field(String name) {
    JsonNode value = node.path(name);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(new Part(path + "." + name, value));
  }

  /** The field, which has to be there. */
  Part required(String name) {
    return field(name).orElseThrow(() -> new InvalidProfile(path + " has no " + name, "add one"));
  }

  /** The text of a field which has to be there and not be empty. */
  String requiredText(String name) {
    String text = node.path(name).asText("");
    if (text.isEmpty()) {
      throw new InvalidProfile(path + " has no " + name, "add one");
    }
    return text;
  }

  /** The items of a list; none where the field is absent. Null items are refused. */
  List<Part> items(String name) {
    List<Part> items = new ArrayList<>();
    for (JsonNode item : node.path(name)) {
      Part part = new Part("%s.%s[%d]".formatted(path, name, items.size()), item);
      if (!item.isObject()) {
        throw new InvalidProfile(part.path + " is no object", "give it fields, or remove it");
      }
      items.add(part);
    }
    return items;
  }

  /** Refuses fields of other names. */
  void only(Set<String> names) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!names.contains(field.getKey())) {
        throw new InvalidProfile(
            "%s has the unknown field %s".formatted(path, field.getKey()),
            "one of " + String.join(", ", names.stream().sorted().toList()));
      }
    }
  }

  /** Refuses a text that is no duration from 0. */
  void requireDuration() {
    String text = node.asText("");
    if (GoDuration.parse(text).filter(time -> time.compareTo(NO_TIME) >= 0).isEmpty()) {
      throw new InvalidProfile(
          "%s='%s' is no duration from 0".formatted(path, text), "such as 300ms or 1m30s");
    }
  }
}
