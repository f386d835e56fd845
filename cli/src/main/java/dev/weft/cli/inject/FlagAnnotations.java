package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.ConfigAnnotation;
import java.util.LinkedHashMap;
import java.util.Map;

/** The annotations which stand for flags. */
final class FlagAnnotations {
  private FlagAnnotations() {}

  /**
   * One annotation a value that differs from the installation's.
   *
   * @param flags values that were asked for
   * @param base values of the installation
   */
  static Map<String, String> of(ObjectNode flags, ObjectNode base) {
    Map<String, String> annotations = new LinkedHashMap<>();
    for (ConfigAnnotation annotation : ConfigAnnotation.values()) {
      String pointer = "/" + annotation.valuePath().replace('.', '/');
      JsonNode asked = flags.at(pointer);
      boolean oldName =
          annotation == ConfigAnnotation.NATIVE_SIDECAR_ALPHA
              || annotation == ConfigAnnotation.NATIVE_SIDECAR_BETA;
      if (!asked.isMissingNode() && !oldName && !asked.asText().equals(base.at(pointer).asText())) {
        annotations.put(annotation.key(), asked.asText());
      }
    }
    return annotations;
  }
}
