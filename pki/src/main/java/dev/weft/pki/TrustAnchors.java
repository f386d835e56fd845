package dev.weft.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The roots that every certificate of the mesh must lead to. Immutable, thread-safe.
 *
 * <p>Source: facts/identity.md 1, 3; facts/proxy.md 1.4.
 *
 * @param certificates the roots, at least one
 */
public record TrustAnchors(List<X509Certificate> certificates) {
  /** Longest chain verified, leaf included. */
  public static final int MAX_CHAIN_LENGTH = 10;

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USAGE = "2.5.29.37.0";

  public TrustAnchors {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "trust anchors refused; cause: no certificate; fix: give at least one root");
    }
  }

  /**
   * Reads a PEM bundle.
   *
   * @throws CertificateException if there is no certificate, or one cannot be read
   */
  public static TrustAnchors parse(String pem) throws CertificateException {
    return new TrustAnchors(PemCertificates.parse(pem));
  }

  /**
   * Reads a PEM bundle from a file.
   *
   * @throws CertificateException with file, cause and fix if that fails
   */
  public static TrustAnchors read(Path file) throws CertificateException {
    try {
      return parse(Files.readString(file));
    } catch (IOException | CertificateException e) {
      throw new CertificateException(
          "trust anchors cannot be read: file=%s; cause: %s; fix: put a PEM bundle of roots there"
              .formatted(file, e),
          e);
    }
  }

  /**
   * Verifies at a point in time that a chain leads to one of the roots: signatures, validity of
   * every certificate including the root, CA constraints, and that an extended key usage, where
   * there is one, allows server authentication. Names are not looked at. A chain whose first
   * certificate is itself a root is good.
   *
   * @param chain the certificate in question first, then intermediates in any order
   * @throws CertificateException naming the certificate and the reason
   */
  public void verify(List<X509Certificate> chain, Instant now) throws CertificateException {
    if (chain.isEmpty() || chain.size() > MAX_CHAIN_LENGTH) {
      throw new CertificateException(
          "chain of %d certificates refused; cause: 1 to %d are expected"
              .formatted(chain.size(), MAX_CHAIN_LENGTH));
    }
    X509Certificate first = chain.getFirst();
    if (now.isAfter(first.getNotAfter().toInstant())) {
      throw refused(first, "expired at " + first.getNotAfter().toInstant(), null);
    }
    if (now.isBefore(first.getNotBefore().toInstant())) {
      throw refused(first, "not valid before " + first.getNotBefore().toInstant(), null);
    }
    List<X509Certificate> path = path(chain, now);
    for (X509Certificate certificate : path) {
      List<String> usages = certificate.getExtendedKeyUsage();
      if (usages != null && !usages.contains(SERVER_AUTH) && !usages.contains(ANY_USAGE)) {
        throw refused(
            first,
            "extended key usage of '%s' does not allow server authentication"
                .formatted(certificate.getSubjectX500Principal().getName()),
            null);
      }
    }
  }

  private List<X509Certificate> path(List<X509Certificate> chain, Instant now)
      throws CertificateException {
    X509Certificate first = chain.getFirst();
    if (certificates.contains(first)) {
      return List.of(first);
    }
    Set<TrustAnchor> valid =
        certificates.stream()
            .filter(root -> isValid(root, now))
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toSet());
    if (valid.isEmpty()) {
      throw refused(first, "every trust anchor is expired or not yet valid", null);
    }
    try {
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(first);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(valid, selector);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      parameters.setMaxPathLength(MAX_CHAIN_LENGTH);
      List<X509Certificate> path = new ArrayList<>();
      for (Certificate certificate :
          CertPathBuilder.getInstance("PKIX").build(parameters).getCertPath().getCertificates()) {
        path.add((X509Certificate) certificate);
      }
      return path;
    } catch (CertPathBuilderException e) {
      throw refused(first, cause(e), e);
    } catch (GeneralSecurityException e) {
      throw refused(first, e.toString(), e);
    }
  }

  private static boolean isValid(X509Certificate root, Instant now) {
    return !now.isAfter(root.getNotAfter().toInstant())
        && !now.isBefore(root.getNotBefore().toInstant());
  }

  private static String cause(CertPathBuilderException e) {
    if (e.getCause() instanceof CertPathValidatorException v
        && v.getReason() != PKIXReason.NO_TRUST_ANCHOR) {
      return v.getMessage();
    }
    return "no path to a trust anchor";
  }

  private static CertificateException refused(
      X509Certificate certificate, String cause, @Nullable Exception e) {
    return new CertificateException(
        "certificate of '%s' refused; cause: %s"
            .formatted(certificate.getSubjectX500Principal().getName(), cause),
        e);
  }
}
