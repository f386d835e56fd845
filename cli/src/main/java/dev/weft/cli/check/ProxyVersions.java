package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Pods;
import java.util.List;
import java.util.function.Function;

/** Checks of the versions of proxies, the same for control plane and workloads. */
final class ProxyVersions {
  private ProxyVersions() {}

  static Check newest(String id, Function<CheckContext, List<KubeObject>> pods) {
    return Check.of(
            id,
            "proxies are the newest version",
            context ->
                context
                    .settings()
                    .newestVersion()
                    .map(newest -> others(pods.apply(context), newest))
                    .orElseGet(Result::skip))
        .warning();
  }

  static Check ofCli(String id, Function<CheckContext, List<KubeObject>> pods) {
    return Check.of(
            id,
            "proxies have the version of this command line",
            context -> others(pods.apply(context), context.settings().cliVersion()))
        .warning();
  }

  private static Result others(List<KubeObject> pods, String version) {
    return Result.ofProblems(
        "proxies of another version than " + version,
        pods.stream()
            .filter(pod -> Pods.proxy(pod).isPresent())
            .filter(pod -> !Pods.proxyVersion(pod).equals(version))
            .map(pod -> pod.qualifiedName() + " (" + Pods.proxyVersion(pod) + ")")
            .toList());
  }
}
