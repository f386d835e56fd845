package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether the objects of a control plane are there. */
final class ConfigChecks {
  private static final String OWN = "linkerd.io/control-plane-ns,!linkerd.io/cni-resource";
  private static final List<String> ACCOUNTS =
      List.of(
          "linkerd-destination", "linkerd-identity", "linkerd-policy", "linkerd-proxy-injector");

  private ConfigChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-config",
        Check.of(
                "l5d-existence-ns",
                "the namespace of the control plane exists",
                ConfigChecks::namespace)
            .fatal(),
        there(
            "l5d-existence-cr",
            "ClusterRoles",
            ObjectKind.CLUSTER_ROLE,
            ConfigChecks::clusterRoles),
        there(
            "l5d-existence-crb",
            "ClusterRoleBindings",
            ObjectKind.CLUSTER_ROLE_BINDING,
            ConfigChecks::clusterRoles),
        there("l5d-existence-sa", "ServiceAccounts", ObjectKind.SERVICE_ACCOUNT, _ -> ACCOUNTS),
        CustomResourceChecks.check().fatal(),
        there(
            "l5d-existence-mwc",
            "MutatingWebhookConfigurations",
            ObjectKind.MUTATING_WEBHOOK,
            _ -> List.of("linkerd-proxy-injector-webhook-config")),
        there(
            "l5d-existence-vwc",
            "ValidatingWebhookConfigurations",
            ObjectKind.VALIDATING_WEBHOOK,
            ConfigChecks::validating),
        Check.of(
            "l5d-proxy-init-run-as-root",
            "the container runtime of every node can run proxy-init",
            ConfigChecks::runtimes));
  }

  private static List<String> clusterRoles(CheckContext context) {
    String namespace = context.settings().controlPlane();
    return List.of(
        "linkerd-" + namespace + "-identity", "linkerd-" + namespace + "-proxy-injector");
  }

  /** An installation may go without the validation of policies, or of ServiceProfiles. */
  private static List<String> validating(CheckContext context) {
    List<String> names = new ArrayList<>();
    if (isEnabled(context, "policyValidator")) {
      names.add("linkerd-policy-validator-webhook-config");
    }
    if (isEnabled(context, "profileValidator")) {
      names.add("linkerd-sp-validator-webhook-config");
    }
    return names;
  }

  private static boolean isEnabled(CheckContext context, String validator) {
    return context
        .config()
        .map(c -> c.values().at("/" + validator + "/enabled").asBoolean(true))
        .orElse(true);
  }

  private static Check there(
      String id, String what, ObjectKind kind, Function<CheckContext, List<String>> names) {
    return Check.of(
            id,
            "the " + what + " of the control plane exist",
            context -> {
              var found =
                  context
                      .cluster()
                      .list(kind, kind.namespaced() ? context.settings().controlPlane() : "", OWN)
                      .stream()
                      .map(KubeObject::name)
                      .collect(Collectors.toSet());
              return Result.ofProblems(
                  "missing " + what,
                  names.apply(context).stream().filter(name -> !found.contains(name)).toList());
            })
        .fatal();
  }

  private static Result namespace(CheckContext context) {
    String namespace = context.settings().controlPlane();
    return context.cluster().get(ObjectKind.NAMESPACE, "", namespace).isPresent()
        ? Result.ok()
        : Result.failed("namespace %s does not exist", namespace);
  }

  private static Result runtimes(CheckContext context) {
    var config = context.config();
    if (config.isEmpty() || config.get().proxyInitRunsAsRoot()) {
      return Result.skip();
    }
    return Result.ofProblems(
        "nodes with the Docker runtime need proxyInit.runAsRoot=true",
        context.cluster().list(ObjectKind.NODE, "", "").stream()
            .filter(
                node -> node.text("/status/nodeInfo/containerRuntimeVersion").startsWith("docker:"))
            .map(KubeObject::name)
            .toList());
  }
}
