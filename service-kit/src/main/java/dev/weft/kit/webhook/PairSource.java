package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.io.IOException;
import java.security.cert.CertificateException;

/** Where the serving certificate comes from. Used by one thread; calls may block. */
@FunctionalInterface
interface PairSource {
  /**
   * The certificate to serve now.
   *
   * @throws IOException if it cannot be had; the one of before stays
   * @throws CertificateException if what is there cannot be used; the one of before stays
   */
  Credentials look() throws IOException, CertificateException;
}
