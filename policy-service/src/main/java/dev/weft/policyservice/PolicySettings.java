package dev.weft.policyservice;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.Dns1123;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.Network;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.outbound.compile.OutboundSettings;
import java.util.List;

/**
 * The configuration in the terms of the engine, checked.
 *
 * @param inbound for inbound policies
 * @param outbound for outbound policies
 * @param namedServiceMustExist see {@link PolicyConfig#namedServiceMustExist}
 */
record PolicySettings(
    InboundSettings inbound, OutboundSettings outbound, boolean namedServiceMustExist) {

  /**
   * Reads the configuration.
   *
   * @param fromDirectories whether objects come from directories, where nobody writes status
   * @throws IllegalArgumentException naming the key that is wrong
   */
  static PolicySettings of(PolicyConfig config, boolean fromDirectories) {
    if (!Dns1123.isSubdomain(config.clusterDomain())) {
      throw new IllegalArgumentException(
          "weft.policy.cluster-domain=%s refused; cause: not a DNS name; fix: for example cluster.local"
              .formatted(config.clusterDomain()));
    }
    List<Cidr> cluster = config.clusterNetworks();
    var inbound =
        new InboundSettings(
            new IdentityNames(config.controlPlaneNamespace(), config.identityDomain()),
            config.defaultPolicy(),
            networks(cluster),
            networks(config.probeNetworks().orElse(List.of())),
            acceptance(config.routeAcceptance(), fromDirectories));
    var outbound =
        new OutboundSettings(config.clusterDomain(), cluster, config.defaultOpaquePorts());
    return new PolicySettings(inbound, outbound, config.namedServiceMustExist());
  }

  private static InboundSettings.Acceptance acceptance(
      PolicyConfig.RouteAcceptance configured, boolean fromDirectories) {
    return switch (configured) {
      case STATUS -> InboundSettings.Acceptance.STATUS;
      case SPEC -> InboundSettings.Acceptance.SPEC;
      case AUTO ->
          fromDirectories ? InboundSettings.Acceptance.SPEC : InboundSettings.Acceptance.STATUS;
    };
  }

  private static List<Network> networks(List<Cidr> blocks) {
    return blocks.stream().map(Network::of).toList();
  }
}
