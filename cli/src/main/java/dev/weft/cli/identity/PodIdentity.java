package dev.weft.cli.identity;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Pods;
import java.util.Optional;

/**
 * What a pod's proxy calls itself, and where it listens.
 *
 * @param name the identity
 * @param adminPort of the proxy
 */
record PodIdentity(String name, int adminPort) {
  private static final String VARIABLE = "LINKERD2_PROXY_IDENTITY_LOCAL_NAME";
  private static final String PLACEHOLDER = "$(_pod_sa).$(_pod_ns)";

  /** Of a running meshed pod; empty for others. */
  static Optional<PodIdentity> of(KubeObject pod) {
    String name = Pods.proxyVariable(pod, VARIABLE);
    if (!Pods.running(pod) || name.isEmpty()) {
      return Optional.empty();
    }
    String account = pod.text("/spec/serviceAccountName");
    return Optional.of(
        new PodIdentity(
            name.replace(
                PLACEHOLDER, (account.isEmpty() ? "default" : account) + "." + pod.namespace()),
            Pods.proxyPort(pod, "linkerd-admin", Pods.ADMIN_PORT)));
  }
}
