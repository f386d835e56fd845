package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import java.util.ArrayList;
import java.util.List;

/**
 * Manifests on their way through a transformation.
 *
 * @param documents what comes out, in the order of what went in; a List stays one document
 * @param reports one an object
 */
record ManifestStream(List<JsonNode> documents, List<Report> reports) {
  ManifestStream {
    documents = List.copyOf(documents);
    reports = List.copyOf(reports);
  }

  /**
   * Transforms all documents of some texts.
   *
   * @param texts YAML or JSON, with any number of documents each
   * @throws IllegalArgumentException if one cannot be read
   */
  static ManifestStream through(List<String> texts, Transformation transformation) {
    List<JsonNode> documents = new ArrayList<>();
    List<Report> reports = new ArrayList<>();
    for (String text : texts) {
      for (JsonNode document : Yaml.documents(text)) {
        if (!(document instanceof ObjectNode object)) {
          throw new IllegalArgumentException("a document is no object");
        }
        if (isList(object) && object.path("items") instanceof ArrayNode items) {
          for (JsonNode item : items) {
            if (item instanceof ObjectNode inner) {
              reports.add(transformation.apply(inner));
            }
          }
        } else {
          reports.add(transformation.apply(object));
        }
        documents.add(object);
      }
    }
    return new ManifestStream(documents, reports);
  }

  private static boolean isList(ObjectNode object) {
    return object.path("kind").asText("").equals("List");
  }

  boolean refused() {
    return reports.stream().anyMatch(report -> report.outcome() == Report.Outcome.REFUSED);
  }
}
