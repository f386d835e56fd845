package dev.weft.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
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

  @Override
  public String toString() {
    return "Credentials[" + id + ", until " + notAfter() + "]";
  }
}
