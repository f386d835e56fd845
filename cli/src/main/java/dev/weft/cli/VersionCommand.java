package dev.weft.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the versions of this command line, of the control plane and of proxies. */
@Command(
    name = "version",
    description = "Prints the versions of this command line, of the control plane and of proxies.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Examples:", "  weft version --client --short", "  weft version --proxy -n app"})
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Option(names = "--short", description = "Print the versions alone, one a line.")
  private boolean brief;

  @Option(names = "--client", description = "Do not look at any cluster.")
  private boolean client;

  @Option(names = "--proxy", description = "Print the versions of proxies too.")
  private boolean proxy;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "With --proxy: the namespace of the workloads. Default: all.")
  private String namespace = "";

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(brief ? CliVersion.current() : "Client version: " + CliVersion.current());
    out.flush();
    if (!client) {
      new InstalledVersions(kube.access(), kube.controlPlaneNamespace())
          .print(out, brief, proxy, namespace);
    }
    return 0;
  }

  @Override
  public String[] getVersion() {
    return new String[] {CliVersion.current()};
  }
}
