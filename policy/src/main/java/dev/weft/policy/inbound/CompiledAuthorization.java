package dev.weft.policy.inbound;

import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.Network;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An {@link Authorization} prepared for judging: exact identities are looked up, not searched. */
final class CompiledAuthorization {
  private final Authorization source;
  private final Network[] networks;
  private final Set<String> exact;
  private final IdentityPattern.Suffix[] suffixes;

  CompiledAuthorization(Authorization source) {
    this.source = source;
    networks = source.networks().toArray(Network[]::new);
    if (source.authentication()
        instanceof
        Authentication.Identities(List<String> identities, List<IdentityPattern.Suffix> patterns)) {
      exact = Set.copyOf(identities);
      suffixes = patterns.toArray(IdentityPattern.Suffix[]::new);
    } else {
      exact = Set.of();
      suffixes = new IdentityPattern.Suffix[0];
    }
  }

  Authorization source() {
    return source;
  }

  /** The first clause that does not hold for the client; null if all do. */
  Decision.@Nullable Clause firstFailure(Client client) {
    if (!inNetworks(client.ip())) {
      return Decision.Clause.NETWORK;
    }
    return switch (source.authentication()) {
      case Authentication.Unauthenticated _ -> null;
      case Authentication.TlsUnauthenticated _ ->
          client.tls() instanceof Client.Tls.None ? Decision.Clause.MESH_TLS : null;
      case Authentication.Identities _ ->
          switch (client.tls()) {
            case Client.Tls.None _ -> Decision.Clause.MESH_TLS;
            case Client.Tls.Anonymous _ -> Decision.Clause.IDENTITY_MISSING;
            case Client.Tls.Identified(String identity, boolean dns) ->
                isListed(identity, dns) ? null : Decision.Clause.IDENTITY_NOT_LISTED;
          };
    };
  }

  private boolean inNetworks(IpAddr ip) {
    for (Network network : networks) {
      if (network.contains(ip)) {
        return true;
      }
    }
    return false;
  }

  private boolean isListed(String identity, boolean dns) {
    if (exact.contains(identity)) {
      return true;
    }
    if (dns) {
      for (IdentityPattern.Suffix suffix : suffixes) {
        if (suffix.matches(identity)) {
          return true;
        }
      }
    }
    return false;
  }
}
