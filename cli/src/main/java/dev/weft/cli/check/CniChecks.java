package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import java.util.EnumSet;
import java.util.List;

/** Whether the CNI plugin is there, where the mesh was told to use it. */
final class CniChecks {
  private static final String NAME = "linkerd-cni";

  private CniChecks() {}

  static Category category() {
    return new Category(
        "linkerd-cni-plugin",
        EnumSet.of(CheckMode.DEFAULT, CheckMode.PROXY, CheckMode.PRE),
        List.of(
            there("cni-plugin-cm-exists", ObjectKind.CONFIG_MAP, "linkerd-cni-config"),
            there("cni-plugin-cr-exists", ObjectKind.CLUSTER_ROLE, NAME),
            there("cni-plugin-crb-exists", ObjectKind.CLUSTER_ROLE_BINDING, NAME),
            there("cni-plugin-sa-exists", ObjectKind.SERVICE_ACCOUNT, NAME),
            there("cni-plugin-ds-exists", ObjectKind.DAEMON_SET, NAME),
            Check.of(
                    "cni-plugin-ready",
                    "the pods of the CNI plugin are ready on every node",
                    CniChecks::ready)
                .fatal()
                .retried()
                .surfaced()));
  }

  private static boolean used(CheckContext context) {
    return context.settings().mode() == CheckMode.PRE
        ? context.settings().cni()
        : context.config().map(MeshConfig::cniEnabled).orElse(false);
  }

  private static Check there(String id, ObjectKind kind, String name) {
    return Check.of(
            id,
            "%s %s of the CNI plugin exists".formatted(kind.kind(), name),
            context -> {
              if (!used(context)) {
                return Result.skip();
              }
              String namespace = context.settings().cniNamespace();
              return context.cluster().get(kind, namespace, name).isPresent()
                  ? Result.ok()
                  : Result.failed("there is none in namespace %s", namespace);
            })
        .fatal();
  }

  private static Result ready(CheckContext context) {
    if (!used(context)) {
      return Result.skip();
    }
    KubeObject set =
        context
            .cluster()
            .get(ObjectKind.DAEMON_SET, context.settings().cniNamespace(), NAME)
            .orElse(null);
    if (set == null) {
      return Result.failed("there is no DaemonSet %s", NAME);
    }
    int wanted = set.at("/status/desiredNumberScheduled").asInt(0);
    int ready = set.at("/status/numberReady").asInt(0);
    return wanted == ready ? Result.ok() : Result.failed("%d of %d are ready", ready, wanted);
  }
}
