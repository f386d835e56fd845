package dev.weft.mesh.resource;

import dev.weft.mesh.Network;
import java.util.List;

/**
 * A set of networks.
 *
 * @param meta metadata
 * @param networks the networks, at least one
 */
public record NetworkAuthentication(ObjectMeta meta, List<Network> networks) implements Resource {
  /** Copies the list. */
  public NetworkAuthentication {
    networks = List.copyOf(networks);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.NETWORK_AUTHENTICATION;
  }
}
