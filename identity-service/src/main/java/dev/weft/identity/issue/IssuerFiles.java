package dev.weft.identity.issue;

import dev.weft.pki.PemCertificates;
import dev.weft.pki.PemKeys;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two issuer files as read at one moment, compared by content. Both Secret layouts and all
 * three encodings of a key (SEC1, PKCS#1, PKCS#8) are read.
 *
 * <p>Source: facts/identity.md 3. Stricter than the contract in one point: a key which could not
 * sign with ECDSA and SHA-256 is rejected when it is loaded, not at every request.
 *
 * @param certificateFile where {@code certificatePem} was read
 * @param keyFile where {@code keyPem} was read
 */
record IssuerFiles(Path certificateFile, Path keyFile, String certificatePem, String keyPem) {
  /** Largest file read, in bytes: far more than a chain of ten needs. */
  static final int MAX_FILE_BYTES = 256 << 10;

  private static final int KEY_USAGE_CERT_SIGN = 5;

  /**
   * Reads both files.
   *
   * @param scheme see {@link IssuerLayout#of}
   * @throws IssuerRejectedException if one cannot be read
   */
  static IssuerFiles read(Path directory, String scheme) throws IssuerRejectedException {
    IssuerLayout layout = IssuerLayout.of(scheme, directory);
    Path certificate = layout.certificate(directory);
    Path key = layout.key(directory);
    return new IssuerFiles(certificate, key, text(certificate), text(key));
  }

  private static String text(Path file) throws IssuerRejectedException {
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_FILE_BYTES) {
        throw new IOException("%d bytes, more than %d".formatted(bytes, MAX_FILE_BYTES));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IssuerRejectedException(
          "identity issuer rejected: file=%s; cause: cannot be read: %s; fix: mount the issuer secret there or set weft.identity.issuer.directory and weft.identity.issuer.scheme"
              .formatted(file, e),
          e);
    }
  }

  /**
   * Checks everything that a working issuer needs.
   *
   * @throws IssuerRejectedException naming what is wrong
   */
  Issuer verify(TrustAnchors anchors, Instant now) throws IssuerRejectedException {
    List<X509Certificate> chain;
    try {
      chain = PemCertificates.parse(certificatePem);
    } catch (CertificateException e) {
      throw rejected(certificateFile, e.getMessage(), "write the issuer certificate as PEM", e);
    }
    PrivateKey key;
    try {
      key = PemKeys.parse(keyPem);
    } catch (IOException | GeneralSecurityException e) {
      throw rejected(
          keyFile, e.getMessage(), "write the private key of the issuer as PEM, not encrypted", e);
    }
    X509Certificate certificate = chain.getFirst();
    if (!(key instanceof ECPrivateKey) || !(certificate.getPublicKey() instanceof ECPublicKey)) {
      throw rejected(
          keyFile,
          "key algorithm %s with certificate algorithm %s cannot sign with ECDSA and SHA-256"
              .formatted(key.getAlgorithm(), certificate.getPublicKey().getAlgorithm()),
          "use an ECDSA P-256 issuer",
          null);
    }
    try {
      if (!PemKeys.matches(key, certificate)) {
        throw rejected(
            keyFile,
            "the key is not that of the certificate in " + certificateFile,
            "write certificate and key of one pair",
            null);
      }
    } catch (GeneralSecurityException e) {
      throw rejected(keyFile, "the key cannot sign: " + e, "use an ECDSA P-256 issuer", e);
    }
    if (certificate.getBasicConstraints() < 0) {
      throw rejected(
          certificateFile,
          "the certificate is not a certificate authority (CA bit is not set)",
          "issue it with basic constraint CA:true",
          null);
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[KEY_USAGE_CERT_SIGN]) {
      throw rejected(
          certificateFile,
          "key usage does not allow to sign certificates",
          "issue it with key usage certSign",
          null);
    }
    Issuer issuer = new Issuer(chain, key);
    try {
      issuer.verify(anchors, now);
    } catch (CertificateException e) {
      throw rejected(
          certificateFile,
          e.getMessage(),
          "renew the issuer, signed by one of the trust anchors",
          e);
    }
    return issuer;
  }

  private static IssuerRejectedException rejected(
      Path file, @Nullable String cause, String fix, @Nullable Exception e) {
    return new IssuerRejectedException(
        "identity issuer rejected: file=%s; cause: %s; fix: %s".formatted(file, cause, fix), e);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "IssuerFiles[%s, %s]".formatted(certificateFile, keyFile);
  }
}
