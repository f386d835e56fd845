package dev.weft.injection;

import dev.weft.mesh.IdentityNames;

/**
 * The mesh that pods are injected into.
 *
 * @param values the values of the chart
 * @param controlPlaneNamespace the namespace of the control plane
 * @param trustAnchors the PEM bundle exactly as stored; proxies get it trimmed, its digest is of
 *     the whole
 * @param createdBy what to note as the writer: {@code linkerd/proxy-injector 0.1.0}
 */
public record Installation(
    Values values, String controlPlaneNamespace, String trustAnchors, String createdBy) {
  /** Checks that identities can be made of the names. */
  public Installation {
    var _ = new IdentityNames(controlPlaneNamespace, values.trustDomain());
  }

  /** The identity of a service account of the control plane. */
  String identity(String account) {
    return identity(account, controlPlaneNamespace);
  }

  String identity(String account, String namespace) {
    return account + "." + namespace + "." + identitySuffix();
  }

  String identitySuffix() {
    return "serviceaccount.identity." + controlPlaneNamespace + "." + values.trustDomain();
  }
}
