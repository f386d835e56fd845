package dev.weft.policyservice.admission;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.Network;
import java.util.List;

/** Rules of networks with exceptions. */
final class NetworkRules {
  private NetworkRules() {}

  static void check(List<Network> networks) {
    for (Network network : networks) {
      for (Cidr except : network.except()) {
        if (except.containsAll(network.cidr())) {
          throw new RefusedPolicy(
              "exception %s leaves nothing of network %s".formatted(except, network.cidr()),
              "a part of the network");
        }
        if (!network.cidr().containsAll(except)) {
          throw new RefusedPolicy(
              "exception %s is not inside network %s".formatted(except, network.cidr()),
              "a part of the network");
        }
      }
    }
  }
}
