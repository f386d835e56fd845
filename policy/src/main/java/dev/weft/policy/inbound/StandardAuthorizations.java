package dev.weft.policy.inbound;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import java.util.List;

/** The authorization behind each of the six named policies. Source: facts/policy.md 2.4. */
public final class StandardAuthorizations {
  private StandardAuthorizations() {}

  /**
   * At most one authorization, named as the policy is; none for {@code deny}.
   *
   * @param clusterNetworks what the two {@code cluster-*} policies take for the cluster
   */
  public static List<Authorization> of(DefaultInboundPolicy mode, List<Network> clusterNetworks) {
    return switch (mode) {
      case ALL_UNAUTHENTICATED, AUDIT ->
          List.of(named(mode, Network.ALL, new Authentication.Unauthenticated()));
      case ALL_AUTHENTICATED -> List.of(named(mode, Network.ALL, Authentication.Identities.ANY));
      case CLUSTER_UNAUTHENTICATED ->
          List.of(named(mode, clusterNetworks, new Authentication.Unauthenticated()));
      case CLUSTER_AUTHENTICATED ->
          List.of(named(mode, clusterNetworks, Authentication.Identities.ANY));
      case DENY -> List.of();
    };
  }

  private static Authorization named(
      DefaultInboundPolicy mode, List<Network> networks, Authentication authentication) {
    return new Authorization(PolicyRef.builtin(mode.toString()), networks, authentication);
  }
}
