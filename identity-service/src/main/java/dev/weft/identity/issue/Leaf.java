package dev.weft.identity.issue;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * An issued certificate. Immutable.
 *
 * @param identity the one name it carries
 * @param certificate the leaf
 * @param intermediates the direct issuer first, then upwards, exactly as in the issuer file
 */
public record Leaf(
    String identity, X509Certificate certificate, List<X509Certificate> intermediates) {

  public Leaf {
    intermediates = List.copyOf(intermediates);
  }

  /** The end of the leaf's validity: what {@code valid_until} says. */
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }
}
