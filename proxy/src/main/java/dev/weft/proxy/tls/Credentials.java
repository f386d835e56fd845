package dev.weft.proxy.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;

/**
 * A certificate chain with its key: what this proxy shows to its peers. Immutable.
 *
 * @param id the identity the leaf carries
 * @param key the private key of the leaf; never logged
 * @param chain leaf first, then issuers towards the root
 */
public record Credentials(PeerId id, PrivateKey key, List<X509Certificate> chain) {

  public Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a certificate chain needs a leaf");
    }
  }

  /** The end of the leaf's validity. */
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** Refuses a leaf that was issued for another key. */
  void requireOwnKey() throws CertificateException {
    X509Certificate leaf = chain.getFirst();
    try {
      Signature signature =
          Signature.getInstance(
              leaf.getPublicKey() instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(leaf.getEncoded());
      byte[] proof = signature.sign();
      signature.initVerify(leaf.getPublicKey());
      signature.update(leaf.getEncoded());
      if (signature.verify(proof)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new CertificateException("certificate refused; cause: unusable key: " + e, e);
    }
    throw new CertificateException("certificate refused; cause: it was issued for another key");
  }

  @Override
  public String toString() {
    return "Credentials[" + id + ", until " + notAfter() + "]";
  }
}
