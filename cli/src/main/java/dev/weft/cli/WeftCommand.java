package dev.weft.cli;

import dev.weft.cli.check.CheckCommand;
import dev.weft.cli.completion.CompletionCommand;
import dev.weft.cli.demo.DemoAppCommand;
import dev.weft.cli.demo.DemoCallCommand;
import dev.weft.cli.demo.DemoCommand;
import dev.weft.cli.demo.DemoLoadCommand;
import dev.weft.cli.demo.DemoWebCommand;
import dev.weft.cli.diagnostics.DiagnosticsCommand;
import dev.weft.cli.identity.IdentityCommand;
import dev.weft.cli.inject.InjectCommand;
import dev.weft.cli.inject.UninjectCommand;
import dev.weft.cli.install.InstallCniCommand;
import dev.weft.cli.install.InstallCommand;
import dev.weft.cli.install.PruneCommand;
import dev.weft.cli.install.UninstallCommand;
import dev.weft.cli.install.UpgradeCommand;
import dev.weft.cli.standalone.RunCommand;
import dev.weft.cli.standalone.UpCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command, which only has subcommands. */
@Command(
    name = "weft",
    description = "A service mesh: mutual TLS, golden metrics and policy for every workload.",
    subcommands = {
      UpCommand.class,
      RunCommand.class,
      DemoCommand.class,
      DemoAppCommand.class,
      DemoCallCommand.class,
      DemoLoadCommand.class,
      DemoWebCommand.class,
      CheckCommand.class,
      InstallCommand.class,
      UpgradeCommand.class,
      PruneCommand.class,
      UninstallCommand.class,
      InstallCniCommand.class,
      InjectCommand.class,
      UninjectCommand.class,
      IdentityCommand.class,
      DiagnosticsCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    exitCodeOnInvalidInput = 1,
    exitCodeOnExecutionException = 1,
    footer = {
      "",
      "Examples:",
      "  weft check --pre                           whether a cluster can have a mesh",
      "  weft install | kubectl apply -f -          a control plane in a cluster",
      "  weft demo                                  a whole mesh on this machine, with evidence",
      "  weft up ./manifests                        a control plane on this machine",
      "  weft run --name web --port 8080 -- ./web   a program as a meshed workload"
    })
final class WeftCommand implements Runnable {
  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a subcommand is missing");
  }
}
