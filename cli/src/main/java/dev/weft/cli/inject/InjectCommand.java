package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.CliVersion;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.install.ManifestOutput;
import dev.weft.cli.install.ProxyOptions;
import dev.weft.cli.install.ValueTree;
import dev.weft.injection.Injector;
import dev.weft.injection.Installation;
import dev.weft.injection.Names;
import dev.weft.injection.Values;
import dev.weft.injection.ValuesException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts manifests into the mesh. */
@Command(
    name = "inject",
    description = {
      "Puts workloads into the mesh.",
      "Annotates them, so that the webhook adds the proxy to their pods, or adds it itself (--manual). The result is printed, what became of each object is reported on standard error. Doing it twice is doing it once."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  kubectl -n app get deploy -o yaml | weft inject - | kubectl apply -f -",
      "  weft inject --opaque-ports 3306 ./manifests"
    })
public final class InjectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE|DIR|URL|-",
      description = "Manifests: a file, all files of a folder, an https URL, standard input.")
  private String argument = "";

  @Option(names = "--manual", description = "Add the whole proxy, not only annotations.")
  private boolean manual;

  @Option(names = "--ignore-cluster", description = "Do not look at any cluster.")
  private boolean ignoreCluster;

  @Option(names = "--ingress", description = "For ingress controllers: route by a header.")
  private boolean ingress;

  @Option(
      names = "--opaque-ports",
      paramLabel = "PORTS",
      description = "Ports, ranges and names whose bytes are not looked into.")
  private @Nullable String opaquePorts;

  @Option(
      names = "--require-identity-on-inbound-ports",
      paramLabel = "PORTS",
      description = "Ports on which clients need a mesh identity.")
  private @Nullable String requireIdentity;

  @Option(names = "--native-sidecar", description = "Make the proxy a native sidecar.")
  private boolean nativeSidecar;

  @Option(
      names = "--wait-before-exit-seconds",
      paramLabel = "SECONDS",
      description = "How long the proxy goes on after the pod was told to end.")
  private @Nullable Integer waitBeforeExit;

  @Option(
      names = "--close-wait-timeout",
      paramLabel = "DURATION",
      description = "How long the kernel keeps half-closed connections, like 60s.")
  private @Nullable String closeWait;

  @Option(names = "--enable-debug-sidecar", description = "Add a container with network tools.")
  private boolean debug;

  @Option(names = "--disable-identity", hidden = true, description = "Not supported.")
  private boolean disableIdentity;

  @Mixin private ManifestOutput output = new ManifestOutput();
  @Mixin private ProxyOptions proxy = new ProxyOptions();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (disableIdentity) {
      throw new ParameterException(
          spec.commandLine(), "--disable-identity is not supported: every proxy has an identity");
    }
    if (manual && ignoreCluster) {
      throw new ParameterException(
          spec.commandLine(),
          "--manual needs the trust anchors of the cluster; leave out --ignore-cluster");
    }
    MeshSettings mesh =
        ignoreCluster
            ? MeshSettings.defaults()
            : MeshSettings.read(kube.access(), kube.controlPlaneNamespace(), manual);
    Injection injection =
        new Injection(
            injector(mesh),
            FlagAnnotations.of(flags(), mesh.values()),
            manual,
            ingress ? Names.INGRESS : Names.ENABLED);
    return new TransformRun(argument, output.json(), kube.verbose())
        .run(injection, spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  private Injector injector(MeshSettings mesh) {
    try {
      return new Injector(
          new Installation(
              Values.of(mesh.values()),
              kube.controlPlaneNamespace(),
              mesh.trustAnchors(),
              "linkerd/cli " + CliVersion.current()));
    } catch (ValuesException e) {
      throw new CliException(
          "the values of the installation cannot be used",
          String.valueOf(e.getMessage()),
          "mend ConfigMap linkerd-config with `weft upgrade`");
    }
  }

  /** The flags as Helm values. */
  private ObjectNode flags() {
    ObjectNode flags = JsonNodeFactory.instance.objectNode();
    proxy.applyTo(flags);
    ValueTree.putIfGiven(flags, "proxy.opaquePorts", opaquePorts);
    ValueTree.putIfGiven(flags, "proxy.requireIdentityOnInboundPorts", requireIdentity);
    ValueTree.putIfGiven(flags, "proxy.nativeSidecar", nativeSidecar ? Boolean.TRUE : null);
    ValueTree.putIfGiven(flags, "proxy.waitBeforeExitSeconds", waitBeforeExit);
    ValueTree.putIfGiven(flags, "proxyInit.closeWaitTimeoutSecs", closeWait);
    ValueTree.putIfGiven(flags, "debugContainer.enabled", debug ? Boolean.TRUE : null);
    return flags;
  }
}
