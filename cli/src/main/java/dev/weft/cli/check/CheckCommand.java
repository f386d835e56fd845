package dev.weft.cli.check;

import dev.weft.cli.CliVersion;
import dev.weft.cli.GoDurationConverter;
import dev.weft.cli.KubeOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks the cluster and the mesh on it. */
@Command(
    name = "check",
    description = {
      "Checks the cluster and the mesh on it, and says how to mend it.",
      "Ends with code 1 if a check failed; warnings do not count. docs/checks.md lists all checks."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft check --pre            before an installation",
      "  weft check                  the control plane",
      "  weft check --proxy -n app   the control plane and the proxies of a namespace"
    })
public final class CheckCommand implements Callable<Integer> {
  @Option(names = "--pre", description = "Check whether a control plane can be installed.")
  private boolean pre;

  @Option(names = "--crds", description = "Check the custom resource definitions alone.")
  private boolean crds;

  @Option(names = "--proxy", description = "Check the proxies of workloads too.")
  private boolean proxy;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "With --proxy: the namespace of the workloads. Default: all.")
  private String namespace = "";

  @Option(
      names = "--linkerd-cni-enabled",
      description = "With --pre: expect the CNI plugin to be there.")
  private boolean cni;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table, short (what is not well alone) or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "table")
  private String output = "table";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "How long to wait for what is not well yet. Default: ${DEFAULT-VALUE}.",
      converter = GoDurationConverter.class,
      defaultValue = "5m")
  private Duration patience = Duration.ofMinutes(5);

  @Option(
      names = "--expected-version",
      paramLabel = "VERSION",
      description = "The newest release, to compare with. Nobody is asked for it.")
  private @Nullable String expectedVersion;

  @Option(
      names = "--cli-version-override",
      paramLabel = "VERSION",
      hidden = true,
      description = "Pretend to be another version of this command line.")
  private @Nullable String cliVersion;

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    refuse(pre && proxy, "--pre and --proxy exclude each other");
    refuse(pre && crds, "--pre and --crds exclude each other");
    refuse(cni && !pre, "--linkerd-cni-enabled goes with --pre only");
    return new CheckRun(kube.access(), settings(), patience, CheckOutput.parse(output, spec))
        .run(spec.commandLine().getOut());
  }

  private CheckSettings settings() {
    CheckMode mode =
        pre ? CheckMode.PRE : crds ? CheckMode.CRDS : proxy ? CheckMode.PROXY : CheckMode.DEFAULT;
    return new CheckSettings(
        mode,
        kube.controlPlaneNamespace(),
        kube.cniNamespace(),
        namespace,
        cliVersion == null ? CliVersion.current() : cliVersion,
        Optional.ofNullable(expectedVersion),
        cni);
  }

  private void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
