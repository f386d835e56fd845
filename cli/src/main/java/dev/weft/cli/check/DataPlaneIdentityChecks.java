package dev.weft.cli.check;

import dev.weft.cli.kube.InstalledIdentity;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.Pods;
import java.security.GeneralSecurityException;
import java.util.List;

/** Whether running proxies trust what the control plane trusts. */
final class DataPlaneIdentityChecks {
  private static final String ANCHORS = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS";

  private DataPlaneIdentityChecks() {}

  static Category category() {
    return Category.only(
        CheckMode.PROXY,
        "linkerd-identity-data-plane",
        Check.of(
                "l5d-identity-data-plane-proxies-certs-match-ca",
                "proxies have the trust anchors of the control plane",
                DataPlaneIdentityChecks::match)
            .warning());
  }

  private static Result match(CheckContext context) {
    return Result.ofProblems(
        "pods with other trust anchors, to be restarted", strangers(context, context.meshedPods()));
  }

  /** Which pods have other trust anchors than the ConfigMap. */
  static List<String> strangers(CheckContext context, List<KubeObject> pods) {
    String wanted;
    try {
      wanted =
          InstalledIdentity.bundle(context.cluster(), context.settings().controlPlane()).strip();
    } catch (GeneralSecurityException e) {
      throw new CheckFailed(String.valueOf(e.getMessage()));
    }
    return pods.stream()
        .filter(
            pod -> {
              // Pods of the control plane take it from the ConfigMap itself.
              String own = Pods.proxyVariable(pod, ANCHORS).strip();
              return !own.isEmpty() && !own.equals(wanted);
            })
        .map(KubeObject::qualifiedName)
        .toList();
  }
}
