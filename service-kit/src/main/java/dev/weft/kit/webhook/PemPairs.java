package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.PemKeys;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates with their key as PEM texts, and back. */
final class PemPairs {
  private PemPairs() {}

  /**
   * Reads a pair.
   *
   * @param certificates leaf first
   * @param key PKCS#8, PKCS#1 or SEC 1
   * @throws CertificateException if either cannot be read, or they do not belong together
   */
  static Credentials read(String certificates, String key) throws CertificateException {
    List<X509Certificate> chain = PemCertificates.parse(certificates);
    try {
      PrivateKey read = PemKeys.parse(key);
      if (!PemKeys.matches(read, chain.getFirst())) {
        throw new CertificateException("the key is not that of the certificate");
      }
      return new Credentials(read, chain);
    } catch (CertificateException e) {
      throw e;
    } catch (IOException | GeneralSecurityException e) {
      throw new CertificateException("the key cannot be used; cause: " + e.getMessage(), e);
    }
  }

  static String write(List<X509Certificate> certificates) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      for (X509Certificate certificate : certificates) {
        writer.writeObject(new PemObject("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory does not fail to be written", e);
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate cannot be encoded", e);
    }
    return text.toString();
  }

  static String write(PrivateKey key) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory does not fail to be written", e);
    }
    return text.toString();
  }
}
