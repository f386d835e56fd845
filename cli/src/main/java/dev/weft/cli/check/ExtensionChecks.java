package dev.weft.cli.check;

import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the namespaces of extensions can be told apart. */
final class ExtensionChecks {
  private static final String LABEL = "linkerd.io/extension";

  private ExtensionChecks() {}

  static Category category() {
    return Category.only(
        CheckMode.DEFAULT,
        "linkerd-extension-checks",
        Check.of(
                "l5d-extension-namespaces",
                "no two namespaces claim to be the same extension",
                ExtensionChecks::unique)
            .warning());
  }

  private static Result unique(CheckContext context) {
    Map<String, List<String>> byExtension =
        context.cluster().list(ObjectKind.NAMESPACE, "", LABEL).stream()
            .collect(
                Collectors.groupingBy(
                    namespace -> namespace.labels().getOrDefault(LABEL, ""),
                    TreeMap::new,
                    Collectors.mapping(KubeObject::name, Collectors.toList())));
    return Result.ofProblems(
        "label " + LABEL + " is there more than once",
        byExtension.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 1)
            .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
            .toList());
  }
}
