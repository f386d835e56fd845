package dev.weft.policy.inbound.compile;

import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.Network;
import dev.weft.mesh.ServiceAccountRef;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.objects.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves references to authentications. Whatever does not resolve is an {@link Unusable}, never a
 * wider authentication. Source: facts/policy.md 2.6.
 */
record Authentications(IdentityNames identities, ObjectStore objects) {

  /** A reference that leads to nothing usable; the message is the cause. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String cause) {
      super(cause, null, false, false);
    }
  }

  /** The identities of a MeshTLSAuthentication. */
  Authentication.Identities meshTls(ObjectRef ref, String ownNamespace) throws Unusable {
    String namespace = ref.namespaceOr(ownNamespace);
    MeshTlsAuthentication authentication =
        objects
            .find(
                ResourceKind.MESH_TLS_AUTHENTICATION,
                namespace,
                ref.name(),
                MeshTlsAuthentication.class)
            .orElseThrow(() -> missing(ref, namespace));
    List<IdentityPattern> patterns = new ArrayList<>(authentication.identities());
    for (ObjectRef identity : authentication.identityRefs()) {
      if (identity.isServiceAccount()) {
        patterns.add(serviceAccount(identity, namespace));
      } else if (identity.is(ResourceKind.NAMESPACE)) {
        patterns.add(namespace(identity.name()));
      } else {
        throw new Unusable(
            "%s %s/%s names an identity of kind %s"
                .formatted(ref.kind(), namespace, ref.name(), identity.kind()));
      }
    }
    if (patterns.isEmpty()) {
      throw new Unusable("%s %s/%s is empty".formatted(ref.kind(), namespace, ref.name()));
    }
    return Authentication.Identities.of(patterns);
  }

  /** The networks of a NetworkAuthentication. */
  List<Network> networks(ObjectRef ref, String ownNamespace) throws Unusable {
    String namespace = ref.namespaceOr(ownNamespace);
    NetworkAuthentication authentication =
        objects
            .find(
                ResourceKind.NETWORK_AUTHENTICATION,
                namespace,
                ref.name(),
                NetworkAuthentication.class)
            .orElseThrow(() -> missing(ref, namespace));
    if (authentication.networks().isEmpty()) {
      throw new Unusable("%s %s/%s is empty".formatted(ref.kind(), namespace, ref.name()));
    }
    return authentication.networks();
  }

  /** The identity of a service account; it need not exist. */
  IdentityPattern serviceAccount(ObjectRef ref, String ownNamespace) throws Unusable {
    String namespace = ref.namespaceOr(ownNamespace);
    try {
      return new IdentityPattern.Exact(identities.of(new ServiceAccountRef(namespace, ref.name())));
    } catch (IllegalArgumentException e) {
      throw new Unusable(
          "service account '%s/%s' cannot have an identity".formatted(namespace, ref.name()));
    }
  }

  private IdentityPattern namespace(String name) throws Unusable {
    try {
      return identities.namespacePattern(name);
    } catch (IllegalArgumentException e) {
      throw new Unusable("namespace '%s' cannot have identities".formatted(name));
    }
  }

  private static Unusable missing(ObjectRef ref, String namespace) {
    return new Unusable("%s %s/%s does not exist".formatted(ref.kind(), namespace, ref.name()));
  }
}
