package dev.weft.cli.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether there is a Kubernetes to speak of. */
final class KubernetesChecks {
  private static final int OLDEST_MINOR = 31;
  private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+).*");

  private KubernetesChecks() {}

  static Category api() {
    return Category.always(
        "kubernetes-api",
        Check.of(
                "k8s-api",
                "the kubeconfig gives a client",
                context -> {
                  var _ = context.cluster();
                  return Result.ok();
                })
            .fatal(),
        Check.of(
                "k8s-api",
                "the API server answers",
                context -> {
                  var _ = context.cluster().version();
                  return Result.ok();
                })
            .fatal());
  }

  static Category version() {
    return Category.always(
        "kubernetes-version",
        Check.of(
            "k8s-version",
            "Kubernetes is 1." + OLDEST_MINOR + " or newer",
            KubernetesChecks::newEnough));
  }

  private static Result newEnough(CheckContext context) {
    String found = context.cluster().version().path("gitVersion").asText("");
    Matcher parts = VERSION.matcher(found);
    if (!parts.matches()) {
      return Result.failed("the server calls itself '%s', which is no version", found);
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    return major > 1 || (major == 1 && minor >= OLDEST_MINOR)
        ? Result.ok()
        : Result.failed("the server is %s", found);
  }
}
