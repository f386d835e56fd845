package dev.weft.mesh.resource;

import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.Network;
import java.util.List;

/**
 * Who may use some Servers of the namespace.
 *
 * @param meta metadata
 * @param servers which Servers
 * @param networks from where; empty means the cluster's networks
 * @param client who
 */
public record ServerAuthorization(
    ObjectMeta meta, Servers servers, List<Network> networks, Client client) implements Resource {
  /** Copies the list. */
  public ServerAuthorization {
    networks = List.copyOf(networks);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.SERVER_AUTHORIZATION;
  }

  /** Which Servers. */
  public sealed interface Servers {
    /**
     * One.
     *
     * @param name its name
     */
    record ByName(String name) implements Servers {}

    /**
     * Those with certain labels.
     *
     * @param labels which labels
     */
    record BySelector(LabelSelector labels) implements Servers {}
  }

  /** Who may use them. */
  public sealed interface Client {
    /** Anyone. */
    record Unauthenticated() implements Client {}

    /** Anyone who speaks mesh TLS, with or without an identity. */
    record UnauthenticatedTls() implements Client {}

    /**
     * These identities; at least one of both lists is not empty.
     *
     * @param identities identities and patterns
     * @param serviceAccounts service accounts, their namespace empty for the object's own
     */
    record MeshTls(List<IdentityPattern> identities, List<ObjectRef> serviceAccounts)
        implements Client {
      /** Copies the lists. */
      public MeshTls {
        identities = List.copyOf(identities);
        serviceAccounts = List.copyOf(serviceAccounts);
      }
    }
  }
}
