package dev.weft.cli.diagnostics;

import dev.weft.cli.KubeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the diagnostics. */
@Command(
    name = "diagnostics",
    aliases = "dg",
    description = "Shows what the control plane and proxies know.",
    subcommands = {
      EndpointsCommand.class,
      PolicyCommand.class,
      ProfileCommand.class,
      ProxyMetricsCommand.class,
      ControllerMetricsCommand.class
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft diagnostics endpoints web.app.svc.cluster.local:80",
      "  weft diagnostics policy -n app po/web-6d4cf56db6-x8w2l 8080",
      "  weft diagnostics proxy-metrics -n app deploy/web"
    })
public final class DiagnosticsCommand implements Runnable {
  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a subcommand is missing");
  }
}
