package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.GatewayApi;
import dev.weft.injection.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what is in the cluster although this version does not render it any more. */
@Command(
    name = "prune",
    description = {
      "Prints objects which this version of the control plane does not have any more.",
      "For kubectl delete. Needs an installation by `weft install`."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft prune | kubectl delete --ignore-not-found -f -"})
public final class PruneCommand implements Callable<Integer> {
  @Mixin private ManifestOutput output = new ManifestOutput();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String namespace = kube.controlPlaneNamespace();
    try (Cluster cluster = kube.access().open()) {
      InstallTarget target = new InstallTarget(cluster, namespace);
      ObjectNode stored = Stored.inCluster(cluster, namespace);
      ObjectNode definitions = ValueTree.empty();
      GatewayDecision.make(definitions, GatewayApi.in(cluster));
      List<String> wanted =
          new ArrayList<>(Manifests.definitions(namespace, definitions, target.kubeVersion()));
      wanted.addAll(Manifests.controlPlane(namespace, stored, target.kubeVersion()));
      List<ObjectNode> rendered = wanted.stream().map(Yaml::object).toList();
      output.print(
          spec.commandLine().getOut(),
          OwnedObjects.find(
                  cluster, OwnedObjects.PRUNED, "linkerd.io/control-plane-ns=" + namespace)
              .stream()
              .filter(key -> rendered.stream().noneMatch(key::names))
              .map(OwnedObjects.Key::yaml)
              .toList());
    }
    return 0;
  }
}
