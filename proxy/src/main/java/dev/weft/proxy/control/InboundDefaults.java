package dev.weft.proxy.control;

import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.StandardAuthorizations;
import dev.weft.proxy.config.InboundConfig;
import java.util.ArrayList;
import java.util.List;

/** What holds for a port until the control plane answers. Source: facts/proxy.md 2.2. */
final class InboundDefaults {
  private final InboundConfig config;
  private final List<Network> clusterNetworks;

  InboundDefaults(InboundConfig config) {
    this.config = config;
    List<Network> networks = new ArrayList<>();
    config.clusterNetworks().forEach(cidr -> networks.add(Network.of(cidr)));
    this.clusterNetworks = List.copyOf(networks);
  }

  InboundPolicy of(int port) {
    return new InboundPolicy(
        PolicyRef.builtin(config.defaultPolicy().toString()),
        protocol(port),
        StandardAuthorizations.of(config.defaultPolicy(), clusterNetworks));
  }

  private InboundProtocol protocol(int port) {
    return switch (config.defaultPolicy()) {
      case DENY -> new InboundProtocol.Opaque();
      case ALL_AUTHENTICATED,
          ALL_UNAUTHENTICATED,
          CLUSTER_AUTHENTICATED,
          CLUSTER_UNAUTHENTICATED,
          AUDIT ->
          config.opaquePorts().contains(port)
              ? new InboundProtocol.Opaque()
              : new InboundProtocol.Detect(config.path().detectTimeout(), HttpRouting.of());
    };
  }
}
