package dev.weft.proxy.testing;

import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.TrustAnchors;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A certificate authority for tests: one anchor, one issuer below it, leaves on demand. */
public final class MeshCa {
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final X509Bundle root = authority("root", null);
  private final X509Bundle issuer = authority("issuer", root);

  /** The anchor as PEM. */
  public String anchorPem() {
    return root.getCertificatePEM();
  }

  /** The anchor. */
  public TrustAnchors anchors() {
    return new TrustAnchors(List.of(root.getCertificate()), 0);
  }

  /** The issuer, which is sent with every leaf. */
  public X509Certificate issuer() {
    return issuer.getCertificate();
  }

  /** A leaf for somebody else's key. */
  public X509Certificate leaf(String name, PublicKey key, Instant notAfter) {
    try {
      return builder(name, notAfter).publicKey(key).buildIssuedBy(issuer).getCertificate();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A leaf with its key. */
  public Credentials credentials(String name) {
    try {
      X509Bundle leaf =
          builder(name, Instant.now().plusSeconds(3_600))
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .buildIssuedBy(issuer);
      return new Credentials(
          PeerId.dns(name),
          leaf.getKeyPair().getPrivate(),
          List.of(leaf.getCertificate(), issuer.getCertificate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The TLS of somebody who is certified already; the caller closes it. */
  public MeshTls certified(String name) {
    MeshTls tls = new MeshTls(anchors(), name, Clock.systemUTC());
    tls.install(credentials(name));
    return tls;
  }

  private static CertificateBuilder builder(String name, Instant notAfter) {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .addSanDnsName(name)
        .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
        .notBefore(Instant.now().minus(SKEW))
        .notAfter(notAfter);
  }

  private static X509Bundle authority(String name, X509Bundle parent) {
    try {
      CertificateBuilder builder =
          new CertificateBuilder()
              .subject("CN=" + name)
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .setIsCertificateAuthority(true);
      return parent == null ? builder.buildSelfSigned() : builder.buildIssuedBy(parent);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
