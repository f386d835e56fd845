package dev.weft.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Reads certificates from PEM text (RFC 7468) and DER. */
public final class PemCertificates {
  private static final String TYPE = "CERTIFICATE";

  private PemCertificates() {}

  /**
   * The certificates of a PEM text, in order. A block of another kind ends the reading, as the
   * contract has it; text between blocks is skipped.
   *
   * @throws CertificateException if there is no certificate, or one cannot be read
   */
  public static List<X509Certificate> parse(String pem) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject block;
      while ((block = reader.readPemObject()) != null && block.getType().equals(TYPE)) {
        certificates.add(ofDer(block.getContent()));
      }
    } catch (IOException | RuntimeException e) {
      throw new CertificateException(
          "PEM certificate %d cannot be read; cause: %s"
              .formatted(certificates.size() + 1, e.getMessage()),
          e);
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no PEM certificate found");
    }
    return List.copyOf(certificates);
  }

  /**
   * One certificate in DER.
   *
   * @throws CertificateException if the bytes are no certificate
   */
  public static X509Certificate ofDer(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
