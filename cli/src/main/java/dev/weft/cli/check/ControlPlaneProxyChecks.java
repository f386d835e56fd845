package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Pods;
import java.util.ArrayList;
import java.util.List;

/** Whether the proxies of the control plane itself are well. */
final class ControlPlaneProxyChecks {
  private ControlPlaneProxyChecks() {}

  static Category category() {
    return Category.installed(
        "linkerd-control-plane-proxy",
        Check.of(
                "l5d-cp-proxy-healthy",
                "the proxies of the control plane are ready",
                ControlPlaneProxyChecks::ready)
            .fatal()
            .retried()
            .surfaced(),
        ProxyVersions.newest("l5d-cp-proxy-version", CheckContext::controlPlanePods),
        ProxyVersions.ofCli("l5d-cp-proxy-cli-version", CheckContext::controlPlanePods));
  }

  private static Result ready(CheckContext context) {
    List<KubeObject> pods =
        context.controlPlanePods().stream().filter(pod -> Pods.proxy(pod).isPresent()).toList();
    if (pods.isEmpty()) {
      return Result.failed("no pod of the control plane has a proxy");
    }
    List<String> problems = new ArrayList<>();
    for (KubeObject pod : pods) {
      if (!Pods.running(pod) || !Pods.proxyReady(pod)) {
        problems.add(PodTrouble.of(pod));
      }
    }
    DataPlaneIdentityChecks.strangers(context, pods)
        .forEach(pod -> problems.add(pod + " has other trust anchors"));
    return Result.ofProblems("not ready", problems);
  }
}
