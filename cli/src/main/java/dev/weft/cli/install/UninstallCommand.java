package dev.weft.cli.install;

import dev.weft.cli.Glyph;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.Terminal;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints everything that belongs to a control plane, for its removal. */
@Command(
    name = "uninstall",
    description = {
      "Prints all objects of the control plane, for kubectl delete.",
      "Refuses while extensions or injected pods are there."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft uninstall | kubectl delete -f -"})
public final class UninstallCommand implements Callable<Integer> {
  private static final String MESH = "linkerd.io/control-plane-ns";
  private static final String EXTENSION = "linkerd.io/extension";

  @Option(
      names = {"-f", "--force"},
      description = "Also while extensions or injected pods are there.")
  private boolean force;

  @Mixin private ManifestOutput output = new ManifestOutput();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String namespace = kube.controlPlaneNamespace();
    PrintWriter err = spec.commandLine().getErr();
    try (Cluster cluster = kube.access().open()) {
      if (!force && isInUse(cluster, namespace, err)) {
        return 1;
      }
      List<OwnedObjects.Key> found =
          OwnedObjects.find(cluster, OwnedObjects.UNINSTALLED, MESH + "=" + namespace);
      if (found.isEmpty()) {
        err.println("There is nothing to uninstall in namespace " + namespace + ".");
      }
      output.print(
          spec.commandLine().getOut(), found.stream().map(OwnedObjects.Key::yaml).toList());
    }
    return 0;
  }

  private static boolean isInUse(Cluster cluster, String namespace, PrintWriter err) {
    List<KubeObject> extensions = cluster.list(ObjectKind.NAMESPACE, "", EXTENSION);
    Set<String> known = extensions.stream().map(KubeObject::name).collect(Collectors.toSet());
    List<String> pods =
        cluster.list(ObjectKind.POD, Cluster.ALL_NAMESPACES, MESH + "=" + namespace).stream()
            .filter(pod -> !pod.namespace().equals(namespace) && !known.contains(pod.namespace()))
            .map(KubeObject::qualifiedName)
            .toList();
    complain(
        err,
        "Remove these extensions first:",
        extensions.stream()
            .map(n -> n.labels().getOrDefault(EXTENSION, "") + " in namespace " + n.name())
            .toList());
    complain(
        err,
        "Take the proxy out of these pods first, with `weft uninject` or by restarting them without the annotation linkerd.io/inject:",
        pods);
    return !extensions.isEmpty() || !pods.isEmpty();
  }

  private static void complain(PrintWriter err, String what, List<String> names) {
    if (!names.isEmpty()) {
      err.println(Glyph.FAILED.shown(Terminal.coloured()) + " " + what);
      names.forEach(name -> err.println("  * " + name));
    }
  }
}
