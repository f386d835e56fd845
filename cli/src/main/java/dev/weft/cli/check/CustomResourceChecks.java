package dev.weft.cli.check;

import dev.weft.cli.kube.CustomResources;

/** Whether the custom resource definitions are there. */
final class CustomResourceChecks {
  private static final String ID = "l5d-existence-crd";

  private CustomResourceChecks() {}

  static Category category() {
    return Category.only(CheckMode.CRDS, "linkerd-crd", check().fatal().retried());
  }

  static Check check() {
    return Check.of(
        ID,
        "the custom resource definitions of this release are installed",
        context ->
            Result.ofProblems(
                "definitions are missing", CustomResources.missing(context.cluster())));
  }
}
