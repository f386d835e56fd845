package dev.weft.kit.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * A leaf with its key: what a service shows to its clients. Immutable.
 *
 * @param key the private key of the leaf; never logged
 * @param chain leaf first, then issuers towards the root
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
  private static final int SAN_DNS = 2;

  public Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a certificate chain needs a leaf");
    }
  }

  /** The leaf. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The end of the leaf's validity. */
  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** Whether a certificate carries exactly this DNS name among its names. */
  static boolean names(X509Certificate certificate, String identity) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .anyMatch(name -> name.get(0).equals(SAN_DNS) && name.get(1).equals(identity));
  }

  @Override
  public String toString() {
    return "Credentials[until %s]".formatted(notAfter());
  }
}
