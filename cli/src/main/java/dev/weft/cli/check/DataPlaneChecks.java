package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the proxies of workloads are well. */
final class DataPlaneChecks {
  /** Why a pod that has ended is no trouble. */
  private static final Set<String> ENDED =
      Set.of("Completed", "NodeShutdown", "Shutdown", "Terminated", "Evicted");

  private static final String EXPORTED = "mirror.linkerd.io/exported";
  private static final String INJECT = "linkerd.io/inject";
  private static final List<String> CONFIG =
      List.of("config.linkerd.io/", "config.alpha.linkerd.io/", "config.beta.linkerd.io/");

  private DataPlaneChecks() {}

  static Category category() {
    return Category.only(
        CheckMode.PROXY,
        "linkerd-data-plane",
        Check.of("l5d-data-plane-exists", "the namespace exists", DataPlaneChecks::namespace)
            .fatal(),
        Check.of("l5d-data-plane-ready", "the proxies are ready", DataPlaneChecks::ready)
            .fatal()
            .retried(),
        ProxyVersions.newest("l5d-data-plane-version", CheckContext::meshedPods),
        ProxyVersions.ofCli("l5d-data-plane-cli-version", CheckContext::meshedPods),
        Check.of(
                "l5d-data-plane-pod-labels",
                "no pod has as a label what must be an annotation",
                context -> labels(context.meshedPods()))
            .warning(),
        Check.of(
                "l5d-data-plane-services-labels",
                "no Service has as a label what must be an annotation",
                context -> labels(services(context)))
            .warning(),
        Check.of(
                "l5d-data-plane-services-annotations",
                "no Service has as an annotation what must be a label",
                DataPlaneChecks::exported)
            .warning(),
        Check.of(
                "linkerd-opaque-ports-definition",
                "Services and their pods agree on opaque ports",
                context -> OpaquePortsCheck.run(services(context), pods(context)))
            .warning());
  }

  private static Result namespace(CheckContext context) {
    String namespace = context.settings().dataPlane();
    return namespace.isEmpty()
            || context.cluster().get(ObjectKind.NAMESPACE, "", namespace).isPresent()
        ? Result.ok()
        : Result.failed("namespace %s does not exist", namespace);
  }

  private static Result ready(CheckContext context) {
    List<KubeObject> pods = context.meshedPods();
    if (pods.isEmpty()) {
      String namespace = context.settings().dataPlane();
      return Result.failed(
          "%s",
          "there is no meshed pod" + (namespace.isEmpty() ? "" : " in namespace " + namespace));
    }
    List<String> problems = new ArrayList<>();
    for (KubeObject pod : pods) {
      if (!hasEnded(pod) && (!Pods.running(pod) || !Pods.proxyReady(pod))) {
        problems.add(pod.namespace() + ": " + PodTrouble.of(pod));
      }
    }
    return Result.ofProblems("not ready", problems);
  }

  /** A pod of a Job that has ended, well or not, has no proxy any more that could be ready. */
  private static boolean hasEnded(KubeObject pod) {
    return Set.of("Succeeded", "Failed").contains(pod.text("/status/phase"))
        || ENDED.contains(pod.text("/status/reason"));
  }

  private static List<KubeObject> services(CheckContext context) {
    return context.cluster().list(ObjectKind.SERVICE, context.settings().dataPlane(), "");
  }

  private static List<KubeObject> pods(CheckContext context) {
    return context.cluster().list(ObjectKind.POD, context.settings().dataPlane(), "");
  }

  private static Result labels(List<KubeObject> objects) {
    List<String> problems = new ArrayList<>();
    for (KubeObject object : objects) {
      for (Map.Entry<String, String> label : object.labels().entrySet()) {
        if (label.getKey().equals(INJECT) || CONFIG.stream().anyMatch(label.getKey()::startsWith)) {
          problems.add(object.qualifiedName() + ": " + label.getKey());
        }
      }
    }
    return Result.ofProblems("labels without effect", problems);
  }

  private static Result exported(CheckContext context) {
    return Result.ofProblems(
        "annotation " + EXPORTED + " without effect",
        services(context).stream()
            .filter(service -> service.annotations().containsKey(EXPORTED))
            .map(KubeObject::qualifiedName)
            .toList());
  }
}
