package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Holds a new issuer against what running proxies trust. */
final class RunningProxies {
  private static final String ANCHORS = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS";
  private static final int MOST_NAMED = 20;

  private RunningProxies() {}

  /**
   * Refuses an issuer which some meshed pod would not trust.
   *
   * @throws CliException naming the pods
   */
  static void requireTrust(Cluster cluster, String namespace, ObjectNode values) {
    List<X509Certificate> chain;
    try {
      chain = PemCertificates.parse(IdentityMaterial.text(values, IssuerOptions.CERTIFICATE, ""));
    } catch (CertificateException e) {
      throw new IllegalStateException("the issuer was verified before", e);
    }
    Instant now = Instant.now();
    List<String> strangers =
        cluster
            .list(
                ObjectKind.POD, Cluster.ALL_NAMESPACES, "linkerd.io/control-plane-ns=" + namespace)
            .stream()
            .filter(pod -> !pod.namespace().equals(namespace))
            .filter(pod -> !trusts(pod, chain, now))
            .map(KubeObject::qualifiedName)
            .toList();
    if (!strangers.isEmpty()) {
      throw new CliException(
          "%d meshed pods would not trust the new issuer: %s"
              .formatted(
                  strangers.size(),
                  String.join(", ", strangers.subList(0, Math.min(MOST_NAMED, strangers.size())))),
          "it does not lead to the trust anchors they were started with",
          "add the new root to the anchors first and restart them, or use --force (docs/production.md)");
    }
  }

  private static boolean trusts(KubeObject pod, List<X509Certificate> chain, Instant now) {
    String bundle = Pods.proxyVariable(pod, ANCHORS);
    if (bundle.isBlank()) {
      return true;
    }
    try {
      TrustAnchors.parse(bundle).verify(chain, now);
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }
}
