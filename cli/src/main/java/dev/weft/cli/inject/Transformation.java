package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes manifests, one object at a time. */
@FunctionalInterface
interface Transformation {
  /**
   * Changes an object.
   *
   * @param object changed in place, unless the report says skipped or refused
   */
  Report apply(ObjectNode object);
}
