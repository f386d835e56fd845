package dev.weft.cli.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.GoDurationConverter;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the metrics of the control plane. */
@Command(
    name = "controller-metrics",
    aliases = "cp-metrics",
    description = "Prints the metrics of all containers of the control plane.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft diagnostics controller-metrics"})
final class ControllerMetricsCommand implements Callable<Integer> {
  private static final String ADMIN = "-admin";

  @Option(
      names = {"-w", "--wait"},
      paramLabel = "DURATION",
      description = "How long each may take. Default: ${DEFAULT-VALUE}.",
      converter = GoDurationConverter.class,
      defaultValue = "30s")
  private Duration patience = Duration.ofSeconds(30);

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Cluster cluster = kube.access().open()) {
      List<MetricsPage> pages = new ArrayList<>();
      for (KubeObject pod :
          cluster.list(
              ObjectKind.POD, kube.controlPlaneNamespace(), "linkerd.io/control-plane-component")) {
        if (Pods.running(pod)) {
          pages(pod, pages);
        }
      }
      MetricsPage.print(
          cluster, pages, patience, UnaryOperator.identity(), spec.commandLine().getOut());
    }
    return 0;
  }

  private static void pages(KubeObject pod, List<MetricsPage> pages) {
    for (JsonNode container : Pods.containers(pod)) {
      for (JsonNode port : KubeObject.items(container.path("ports"))) {
        if (port.path("name").asText("").endsWith(ADMIN)) {
          pages.add(
              new MetricsPage(
                  pod, container.path("name").asText(""), port.path("containerPort").asInt()));
        }
      }
    }
  }
}
