package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.helm.Charts;
import dev.weft.injection.Yaml;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Options which {@code install} and {@code upgrade} share, each of which stands for a Helm value.
 */
final class ControlPlaneOptions {
  @ArgGroup(exclusive = false, heading = "%nControl plane:%n", order = 70)
  private Given given = new Given();

  @ArgGroup(exclusive = false, heading = "%nIdentity:%n", order = 75)
  private IssuerOptions issuer = new IssuerOptions();

  private static final class Given {
    @Option(names = "--ha", description = "Three replicas of everything, held apart and protected.")
    private boolean highAvailability;

    @Option(
        names = "--linkerd-cni-enabled",
        description = "A CNI plugin redirects traffic, not an init container.")
    private boolean cni;

    @Option(
        names = "--controller-log-level",
        paramLabel = "LEVEL",
        description = "error, warn, info or debug.")
    private @Nullable String logLevel;

    @Option(names = "--controller-replicas", paramLabel = "NUMBER", description = "Default: 1.")
    private @Nullable Integer replicas;

    @Option(names = "--controller-uid", paramLabel = "UID", description = "Default: 2103.")
    private @Nullable Integer uid;

    @Option(names = "--controller-gid", paramLabel = "GID", description = "Default: the image's.")
    private @Nullable Integer gid;

    @Option(
        names = "--disable-h2-upgrade",
        description = "Do not carry HTTP/1 over HTTP/2 between proxies.")
    private boolean noUpgrade;

    @Option(names = "--disable-heartbeat", description = "Without effect: Weft reports to nobody.")
    private boolean noHeartbeat;

    @Option(
        names = "--enable-endpoint-slices",
        arity = "0..1",
        fallbackValue = "true",
        description = "Without effect: endpoints always come from EndpointSlices.")
    private @Nullable Boolean endpointSlices;

    @Option(
        names = "--identity-issuance-lifetime",
        paramLabel = "DURATION",
        description = "Life of workload certificates. Default: 24h0m0s.")
    private @Nullable String lifetime;

    @Option(
        names = "--identity-clock-skew-allowance",
        paramLabel = "DURATION",
        description = "How far clocks may differ. Default: 20s.")
    private @Nullable String skew;
  }

  IssuerOptions issuer() {
    return issuer;
  }

  /** Sets the values that were given; those of high availability first. */
  void applyTo(ObjectNode values) {
    if (given.highAvailability) {
      ValueTree.merge(values, Yaml.object(Charts.highAvailability()));
    }
    ValueTree.putIfGiven(values, "cniEnabled", given.cni ? Boolean.TRUE : null);
    ValueTree.putIfGiven(values, "controllerLogLevel", given.logLevel);
    ValueTree.putIfGiven(values, "controllerReplicas", given.replicas);
    ValueTree.putIfGiven(values, "controllerUID", given.uid);
    ValueTree.putIfGiven(values, "controllerGID", given.gid);
    ValueTree.putIfGiven(values, "enableH2Upgrade", given.noUpgrade ? Boolean.FALSE : null);
    ValueTree.putIfGiven(values, "identity.issuer.issuanceLifetime", given.lifetime);
    ValueTree.putIfGiven(values, "identity.issuer.clockSkewAllowance", given.skew);
    issuer.applyTo(values);
  }
}
