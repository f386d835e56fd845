package dev.weft.kit.tls;

import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a service gets its own leaf: over the network by {@code Certify}, or, in the identity
 * service, from its own issuer. A service that has a CDI bean of this type uses it; the others use
 * {@code Certify}. Called by one thread; may block.
 */
public interface CertificateSource {
  /** The identity to be certified. */
  String identity();

  /** The roots that the leaf, and every client, must lead to. */
  TrustAnchors anchors();

  /**
   * Certifies a key.
   *
   * @param csr PKCS#10 in DER, for {@link #identity}
   * @return leaf first, then intermediates; the caller verifies them
   * @throws IOException with the reason; the caller tries again
   */
  List<X509Certificate> certify(byte[] csr) throws IOException;
}
