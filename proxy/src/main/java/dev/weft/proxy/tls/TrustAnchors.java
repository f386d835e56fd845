package dev.weft.proxy.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The roots that every chain of the mesh must lead to. Immutable.
 *
 * @param certificates the roots, at least one
 * @param skipped how many PEM blocks could not be read and were left out
 */
public record TrustAnchors(List<X509Certificate> certificates, int skipped) {
  private static final Pattern PEM_CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*+)-----END CERTIFICATE-----");

  public TrustAnchors {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("trust anchors: no certificate can be read");
    }
  }

  /**
   * Reads a PEM bundle; blocks that are no certificate are counted and left out.
   *
   * @throws IllegalArgumentException if no block is a certificate
   */
  public static TrustAnchors parse(String pem) {
    List<X509Certificate> found = new ArrayList<>();
    int skipped = 0;
    Matcher matcher = PEM_CERTIFICATE.matcher(pem);
    while (matcher.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
        found.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException | IllegalArgumentException _) {
        skipped++;
      }
    }
    return new TrustAnchors(found, skipped);
  }

  Set<TrustAnchor> asPkix() {
    Set<TrustAnchor> anchors = new LinkedHashSet<>();
    for (X509Certificate certificate : certificates) {
      anchors.add(new TrustAnchor(certificate, null));
    }
    return anchors;
  }
}
