package dev.weft.cli.diagnostics;

import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import dev.weft.cli.kube.ResourceArgument;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the metrics of a workload's proxies. */
@Command(
    name = "proxy-metrics",
    description = "Prints the metrics of the proxies of a workload.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft diagnostics proxy-metrics -n app deploy/web"})
final class ProxyMetricsCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Parameters(arity = "1..2", paramLabel = "TYPE/NAME", description = "The workload.")
  private List<String> resource = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Default: that of the context.")
  private String namespace = "";

  @Option(names = "--obfuscate", description = "Replace names and addresses by digests.")
  private boolean obfuscate;

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ResourceArgument argument;
    try {
      argument = ResourceArgument.parse(resource);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    if (argument.kind().equals(ObjectKind.SERVICE)) {
      throw new ParameterException(spec.commandLine(), "a Service has no proxies; name a workload");
    }
    try (Cluster cluster = kube.access().open()) {
      String where = namespace.isEmpty() ? cluster.defaultNamespace() : namespace;
      List<MetricsPage> pages =
          argument.pods(cluster, where).stream()
              .filter(pod -> Pods.running(pod) && Pods.proxy(pod).isPresent())
              .map(
                  pod ->
                      new MetricsPage(
                          pod, "", Pods.proxyPort(pod, "linkerd-admin", Pods.ADMIN_PORT)))
              .toList();
      if (pages.isEmpty()) {
        spec.commandLine().getErr().println("No running pod of it has a proxy.");
      }
      MetricsPage.print(
          cluster,
          pages,
          LIMIT,
          obfuscate ? Obfuscation::apply : UnaryOperator.identity(),
          spec.commandLine().getOut());
    }
    return 0;
  }
}
