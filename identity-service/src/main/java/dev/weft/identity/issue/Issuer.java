package dev.weft.identity.issue;

import dev.weft.pki.TrustAnchors;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The certificate authority that signs leaves. Immutable, thread-safe; made by {@link IssuerFiles}.
 *
 * @param chain the issuer's certificate first, then the certificates above it as they stood in the
 *     file
 * @param key the private key of the first certificate; never logged
 */
public record Issuer(List<X509Certificate> chain, PrivateKey key) {

  public Issuer {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an issuer needs a certificate");
    }
  }

  /** The issuer's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The earliest end of validity in {@link #chain}: no leaf outlives it. */
  public Instant notAfter() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /**
   * Verifies that the issuer leads to a trust anchor now.
   *
   * @throws CertificateException with the reason
   */
  void verify(TrustAnchors anchors, Instant now) throws CertificateException {
    anchors.verify(chain, now);
  }

  @Override
  public String toString() {
    return "Issuer[%s, until %s]"
        .formatted(certificate().getSubjectX500Principal().getName(), notAfter());
  }
}
