package dev.weft.cli.inject;

import dev.weft.cli.install.ManifestOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes manifests out of the mesh. */
@Command(
    name = "uninject",
    description = {
      "Takes workloads out of the mesh.",
      "Removes the proxy and what makes the webhook add it. The result is printed, what became of each object is reported on standard error."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Example:",
      "  kubectl -n app get deploy -o yaml | weft uninject - | kubectl apply -f -",
      "  weft uninject app.yaml"
    })
public final class UninjectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE|DIR|URL|-",
      description = "Manifests: a file, all files of a folder, an https URL, standard input.")
  private String argument = "";

  @Option(names = "--verbose", hidden = true, description = "Say more.")
  private boolean verbose;

  @Mixin private ManifestOutput output = new ManifestOutput();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return new TransformRun(argument, output.json(), verbose)
        .run(new Removal(), spec.commandLine().getOut(), spec.commandLine().getErr());
  }
}
