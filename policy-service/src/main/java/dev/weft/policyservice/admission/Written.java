package dev.weft.policyservice.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An object as it was written, for what its record no longer tells. Borrows the tree. */
record Written(ObjectNode object) {
  JsonNode spec() {
    return object.path("spec");
  }
}
