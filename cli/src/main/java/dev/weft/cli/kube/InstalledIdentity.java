package dev.weft.cli.kube;

import dev.weft.pki.PemCertificates;
import dev.weft.pki.PemKeys;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * Trust anchors and issuer of a control plane, as they lie in the cluster.
 *
 * @param anchors from ConfigMap {@value #ANCHORS}
 * @param chain the issuer from Secret {@value #ISSUER}, then what stands above it
 */
public record InstalledIdentity(TrustAnchors anchors, List<X509Certificate> chain) {
  /** The ConfigMap of the trust anchors. */
  public static final String ANCHORS = "linkerd-identity-trust-roots";

  /** The Secret of the issuer. */
  public static final String ISSUER = "linkerd-identity-issuer";

  private static final String BUNDLE = "ca-bundle.crt";

  /** Copies the list. */
  public InstalledIdentity {
    chain = List.copyOf(chain);
  }

  /** The issuer's own certificate. */
  public X509Certificate issuer() {
    return chain.getFirst();
  }

  /**
   * Reads both, and verifies that the key is that of the issuer.
   *
   * @param scheme of the issuer's Secret: {@code linkerd.io/tls}, or anything else for {@code
   *     kubernetes.io/tls}
   * @throws GeneralSecurityException naming object and key if something is missing or unreadable
   */
  public static InstalledIdentity read(Cluster cluster, String namespace, String scheme)
      throws GeneralSecurityException {
    TrustAnchors anchors = parse(bundle(cluster, namespace));
    KubeObject secret =
        cluster
            .get(ObjectKind.SECRET, namespace, ISSUER)
            .orElseThrow(() -> missing("Secret " + ISSUER, namespace));
    boolean own = scheme.equals("linkerd.io/tls");
    Map<String, String> texts = Secrets.texts(secret);
    String certificate = required(texts, own ? "crt.pem" : "tls.crt", scheme);
    String key = required(texts, own ? "key.pem" : "tls.key", scheme);
    List<X509Certificate> chain = PemCertificates.parse(certificate);
    try {
      if (!PemKeys.matches(PemKeys.parse(key), chain.getFirst())) {
        throw new GeneralSecurityException(
            "Secret " + ISSUER + ": the key is not that of the certificate");
      }
    } catch (IOException e) {
      throw new GeneralSecurityException("Secret " + ISSUER + ": " + e.getMessage(), e);
    }
    return new InstalledIdentity(anchors, chain);
  }

  /**
   * The PEM bundle of the trust anchors.
   *
   * @throws GeneralSecurityException if it is not there
   */
  public static String bundle(Cluster cluster, String namespace) throws GeneralSecurityException {
    String text =
        cluster
            .get(ObjectKind.CONFIG_MAP, namespace, ANCHORS)
            .orElseThrow(() -> missing("ConfigMap " + ANCHORS, namespace))
            .text("/data/" + BUNDLE);
    if (text.isBlank()) {
      throw new GeneralSecurityException("ConfigMap %s has no key %s".formatted(ANCHORS, BUNDLE));
    }
    return text;
  }

  private static TrustAnchors parse(String bundle) throws GeneralSecurityException {
    try {
      return TrustAnchors.parse(bundle);
    } catch (CertificateException e) {
      throw new GeneralSecurityException("ConfigMap " + ANCHORS + ": " + e.getMessage(), e);
    }
  }

  private static String required(Map<String, String> texts, String key, String scheme)
      throws GeneralSecurityException {
    String text = texts.getOrDefault(key, "");
    if (text.isBlank()) {
      throw new GeneralSecurityException(
          "Secret %s has no key %s, which scheme %s needs; it has %s"
              .formatted(ISSUER, key, scheme, texts.keySet()));
    }
    return text;
  }

  private static GeneralSecurityException missing(String what, String namespace) {
    return new GeneralSecurityException(what + " is missing in namespace " + namespace);
  }
}
