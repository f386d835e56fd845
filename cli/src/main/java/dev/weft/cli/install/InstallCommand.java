package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.GatewayApi;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Secrets;
import dev.weft.helm.Rendering;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the manifests of a new control plane. */
@Command(
    name = "install",
    description = {
      "Prints the manifests of a control plane.",
      "In two steps: the custom resource definitions (--crds), then everything else. Without certificates a root is made that is its own issuer, for a year. Nothing is written to the cluster; pipe it to kubectl apply."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft install --crds | kubectl apply -f -",
      "  weft install | kubectl apply -f -",
      "  weft install --ha --set proxy.logLevel=info | kubectl apply -f -"
    })
public final class InstallCommand implements Callable<Integer> {
  private static final String ISSUER = "linkerd-identity-issuer";

  @Option(names = "--crds", description = "Print the custom resource definitions alone.")
  private boolean crds;

  @Option(names = "--ignore-cluster", description = "Do not look at any cluster.")
  private boolean ignoreCluster;

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      description = "DNS domain of the cluster. Default: cluster.local.")
  private @Nullable String clusterDomain;

  @Option(
      names = "--identity-trust-domain",
      paramLabel = "DOMAIN",
      description = "End of all identities. Default: the cluster domain.")
  private @Nullable String trustDomain;

  @Option(
      names = "--identity-external-issuer",
      description = "Somebody else keeps Secret " + ISSUER + " (kubernetes.io/tls).")
  private boolean externalIssuer;

  @Option(
      names = "--identity-external-ca",
      description = "Somebody else keeps ConfigMap linkerd-identity-trust-roots.")
  private boolean externalCa;

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
    if (ignoreCluster) {
      print(namespace, Optional.empty());
      return 0;
    }
    try (Cluster cluster = kube.access().open()) {
      print(namespace, Optional.of(new InstallTarget(cluster, namespace)));
    }
    return 0;
  }

  private void print(String namespace, Optional<InstallTarget> target) {
    ObjectNode overrides = ValueTree.empty();
    String kubeVersion = target.map(InstallTarget::kubeVersion).orElse(Rendering.OLDEST_KUBERNETES);
    List<String> objects;
    if (crds) {
      values.applyTo(overrides);
      target.ifPresent(t -> GatewayDecision.make(overrides, GatewayApi.in(t.cluster())));
      objects = Manifests.definitions(namespace, overrides, kubeVersion);
    } else {
      if (!externalIssuer) {
        controlPlane.issuer().requireAllOrNone();
      }
      collect(overrides);
      target.ifPresent(t -> consider(t, overrides));
      IdentityMaterial.complete(overrides, namespace, Instant.now());
      objects = Manifests.controlPlane(namespace, overrides, kubeVersion);
    }
    output.print(spec.commandLine().getOut(), objects);
    if (crds) {
      spec.commandLine().getErr().println("Next: weft install | kubectl apply -f -");
    }
  }

  private void collect(ObjectNode overrides) {
    controlPlane.applyTo(overrides);
    ValueTree.putIfGiven(overrides, "clusterDomain", clusterDomain);
    ValueTree.putIfGiven(overrides, "identityTrustDomain", trustDomain);
    if (externalIssuer) {
      if (controlPlane.issuer().issuerGiven()) {
        throw new CliException(
            "the issuer cannot be given",
            "with --identity-external-issuer somebody else keeps it",
            "leave out the files of certificate and key");
      }
      ValueTree.put(overrides, "identity.issuer.scheme", "kubernetes.io/tls");
    }
    ValueTree.putIfGiven(overrides, "identity.externalCA", externalCa ? Boolean.TRUE : null);
    proxy.applyTo(overrides);
    ValueTree.putIfGiven(overrides, "imagePullPolicy", proxy.pullPolicy());
    values.applyTo(overrides);
  }

  private static void consider(InstallTarget target, ObjectNode overrides) {
    target.requireDefinitions();
    target.requireNoControlPlane();
    target.requireRuntimeFor(overrides.at("/proxyInit/runAsRoot").asBoolean(false));
    String ports = target.apiServerPorts();
    if (!ports.isEmpty() && overrides.at("/proxyInit/kubeAPIServerPorts").isMissingNode()) {
      ValueTree.put(overrides, "proxyInit.kubeAPIServerPorts", ports);
    }
    boolean anchorsElsewhere = overrides.at("/identity/externalCA").asBoolean(false);
    if (IdentityMaterial.isExternal(overrides)
        && !anchorsElsewhere
        && overrides.path(IssuerOptions.ANCHORS).isMissingNode()) {
      ValueTree.put(overrides, IssuerOptions.ANCHORS, externalAnchors(target));
    }
  }

  private static String externalAnchors(InstallTarget target) {
    return target
        .cluster()
        .get(ObjectKind.SECRET, target.namespace(), ISSUER)
        .map((KubeObject secret) -> Secrets.texts(secret).getOrDefault("ca.crt", ""))
        .filter(pem -> !pem.isBlank())
        .orElseThrow(
            () ->
                new CliException(
                    "the trust anchors of the external issuer are not known",
                    "Secret %s/%s, key ca.crt, is missing".formatted(target.namespace(), ISSUER),
                    "create it first, or give --identity-external-ca or --identity-trust-anchors-file"));
  }
}
