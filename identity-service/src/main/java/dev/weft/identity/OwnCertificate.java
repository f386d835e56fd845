package dev.weft.identity;

import dev.weft.identity.issue.Certification;
import dev.weft.identity.issue.IssuerKeeper;
import dev.weft.identity.issue.Leaf;
import dev.weft.identity.issue.RefusedException;
import dev.weft.kit.tls.CertificateSource;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.TrustAnchors;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The identity service certifies itself: it holds the issuer and needs no token. */
@Singleton
final class OwnCertificate implements CertificateSource {
  private final IdentityNames names;
  private final IssuerKeeper issuers;
  private final Certification certification;

  OwnCertificate(IdentityNames names, IssuerKeeper issuers, Certification certification) {
    this.names = names;
    this.issuers = issuers;
    this.certification = certification;
  }

  @Override
  public String identity() {
    return names.identityService();
  }

  @Override
  public TrustAnchors anchors() {
    return issuers.anchors();
  }

  @Override
  public List<X509Certificate> certify(byte[] csr) throws IOException {
    try {
      Leaf leaf = certification.certifySelf(csr);
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(leaf.certificate());
      chain.addAll(leaf.intermediates());
      return chain;
    } catch (RefusedException e) {
      throw new IOException(e.text(), e);
    }
  }
}
