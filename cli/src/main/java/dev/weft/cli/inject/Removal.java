package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Uninjection;
import java.util.List;

/**
 * Takes manifests out of the mesh.
 *
 * <p>Source: facts/cli-and-checks.md 1.9.
 */
final class Removal implements Transformation {
  @Override
  public Report apply(ObjectNode object) {
    boolean changed = Uninjection.uninject(object);
    return Injection.report(
        object, changed ? Report.Outcome.UNINJECTED : Report.Outcome.SKIPPED, List.of());
  }
}
