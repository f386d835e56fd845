package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.Glyph;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.Terminal;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.GatewayApi;
import dev.weft.helm.Rendering;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the manifests of the installed control plane in this command line's version. */
@Command(
    name = "upgrade",
    description = {
      "Prints the manifests of the installed control plane in this version.",
      "With the values it was installed with and those given now. Nothing is written to the cluster; pipe it to kubectl apply."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft upgrade --crds | kubectl apply -f -",
      "  weft upgrade | kubectl apply -f -",
      "  weft upgrade --controller-log-level debug | kubectl apply -f -"
    })
public final class UpgradeCommand implements Callable<Integer> {
  @Option(names = "--crds", description = "Print the custom resource definitions alone.")
  private boolean crds;

  @Option(
      names = "--from-manifests",
      paramLabel = "FILE|URL|-",
      description = "Take what is installed from manifests, not from the cluster.")
  private @Nullable String fromManifests;

  @Option(names = "--force", description = "Also with an issuer that running proxies do not trust.")
  private boolean force;

  @Mixin private ManifestOutput output = new ManifestOutput();
  @Mixin private ControlPlaneOptions controlPlane = new ControlPlaneOptions();
  @Mixin private ProxyOptions proxy = new ProxyOptions();
  @Mixin private ValueOptions values = new ValueOptions();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String namespace = kube.controlPlaneNamespace();
    if (fromManifests != null) {
      print(namespace, Stored.inManifests(fromManifests, namespace), Optional.empty());
      return 0;
    }
    try (Cluster cluster = kube.access().open()) {
      InstallTarget target = new InstallTarget(cluster, namespace);
      if (crds) {
        ObjectNode overrides = ValueTree.empty();
        values.applyTo(overrides);
        GatewayDecision.make(overrides, GatewayApi.in(cluster));
        output.print(
            spec.commandLine().getOut(),
            Manifests.definitions(namespace, overrides, target.kubeVersion()));
      } else {
        target.requireDefinitions();
        print(namespace, Stored.inCluster(cluster, namespace), Optional.of(target));
      }
    }
    return 0;
  }

  private void print(String namespace, ObjectNode stored, Optional<InstallTarget> target) {
    ObjectNode overrides = stored.deepCopy();
    controlPlane.applyTo(overrides);
    proxy.applyTo(overrides);
    ValueTree.putIfGiven(overrides, "imagePullPolicy", proxy.pullPolicy());
    values.applyTo(overrides);
    if (IdentityMaterial.isExternal(overrides)) {
      if (controlPlane.issuer().issuerGiven()) {
        throw new CliException(
            "the issuer cannot be changed",
            "somebody else keeps it (identity.issuer.scheme kubernetes.io/tls)",
            "change Secret linkerd-identity-issuer where it comes from");
      }
    } else {
      IdentityMaterial.verify(overrides, Instant.now());
      if (!force) {
        target.ifPresent(t -> RunningProxies.requireTrust(t.cluster(), namespace, overrides));
      }
    }
    output.print(
        spec.commandLine().getOut(),
        Manifests.controlPlane(
            namespace,
            overrides,
            target.map(InstallTarget::kubeVersion).orElse(Rendering.OLDEST_KUBERNETES)));
    if (controlPlane.issuer().anchorsGiven()) {
      spec.commandLine()
          .getErr()
          .println(
              Glyph.WARNING.shown(Terminal.coloured())
                  + " the trust anchors change: restart all meshed workloads, and see docs/production.md for the order");
    }
  }
}
