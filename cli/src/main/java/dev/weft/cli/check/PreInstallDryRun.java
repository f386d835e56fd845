package dev.weft.cli.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.install.ControlPlaneManifest;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lets the API server judge, without creating, what an installation with defaults would create. */
final class PreInstallDryRun {
  private static final int CONFLICT = 409;

  private static final Map<String, ObjectKind> CLUSTER_WIDE =
      Stream.of(
              ObjectKind.NAMESPACE,
              ObjectKind.CLUSTER_ROLE,
              ObjectKind.CLUSTER_ROLE_BINDING,
              ObjectKind.CUSTOM_RESOURCE_DEFINITION,
              ObjectKind.MUTATING_WEBHOOK,
              ObjectKind.VALIDATING_WEBHOOK)
          .collect(Collectors.toMap(ObjectKind::kind, kind -> kind));

  private PreInstallDryRun() {}

  static Result run(CheckContext context) {
    List<String> problems = new ArrayList<>();
    for (ObjectNode object :
        ControlPlaneManifest.withDefaults(context.settings().controlPlane(), context.now())) {
      ObjectKind kind = CLUSTER_WIDE.get(object.path("kind").asText(""));
      if (kind != null) {
        try {
          context.cluster().dryRun(kind, object);
        } catch (ClusterException e) {
          // What is there already is the namespace's check to tell.
          if (e.code() != CONFLICT) {
            problems.add(
                "%s %s: %s"
                    .formatted(kind.kind(), object.at("/metadata/name").asText(), e.getMessage()));
          }
        }
      }
    }
    return Result.ofProblems("the server refuses", problems);
  }
}
