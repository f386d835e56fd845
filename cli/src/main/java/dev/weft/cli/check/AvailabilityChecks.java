package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import java.util.ArrayList;
import java.util.List;

/** Whether a highly available control plane is one. */
final class AvailabilityChecks {
  private AvailabilityChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-ha-checks",
        Check.of(
                "l5d-control-plane-replicas",
                "every part of the control plane has more than one replica",
                AvailabilityChecks::replicas)
            .warning()
            .retried());
  }

  private static Result replicas(CheckContext context) {
    if (!context.config().map(MeshConfig::highlyAvailable).orElse(false)) {
      return Result.skip();
    }
    List<String> problems = new ArrayList<>();
    for (String component : ExistenceChecks.COMPONENTS) {
      String name = "linkerd-" + component;
      int available =
          context
              .own(ObjectKind.DEPLOYMENT, name)
              .map((KubeObject deployment) -> deployment.at("/status/availableReplicas").asInt(0))
              .orElse(0);
      if (available <= 1) {
        problems.add("%s: %d available".formatted(name, available));
      }
    }
    return Result.ofProblems("not enough replicas", problems);
  }
}
