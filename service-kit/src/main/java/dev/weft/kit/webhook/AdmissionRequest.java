package dev.weft.kit.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an API server asks.
 *
 * @param uid names the request
 * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
 * @param group API group of the object; empty for the core group
 * @param version its version
 * @param kind its kind
 * @param namespace where it lives; an object's own metadata may not say
 * @param name its name; empty where the server is to make one
 * @param object the object as it is to become; empty for deletions
 * @param dryRun whether nothing will come of it
 */
public record AdmissionRequest(
    String uid,
    String operation,
    String group,
    String version,
    String kind,
    String namespace,
    String name,
    ObjectNode object,
    boolean dryRun) {
  static AdmissionRequest of(ObjectNode request) {
    JsonNode kind = request.path("kind");
    return new AdmissionRequest(
        request.path("uid").asText(""),
        request.path("operation").asText(""),
        kind.path("group").asText(""),
        kind.path("version").asText(""),
        kind.path("kind").asText(""),
        request.path("namespace").asText(""),
        request.path("name").asText(""),
        request.path("object") instanceof ObjectNode object ? object : request.objectNode(),
        request.path("dryRun").asBoolean(false));
  }
}
