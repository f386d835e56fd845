package dev.weft.proxy.testing;

import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.TrustAnchors;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trust anchor of a test, and the certificates it issues. */
public final class TestAuthority implements AutoCloseable {
  private final List<MeshTls> trusting = new CopyOnWriteArrayList<>();
  private final X509Bundle root;

  public TestAuthority(String name) {
    try {
      root =
          new CertificateBuilder()
              .subject("CN=" + name)
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public TrustAnchors anchors() {
    return new TrustAnchors(List.of(root.getCertificate()), 0);
  }

  /** TLS of a workload, which trusts this authority. */
  public MeshTls workload(String identity) {
    return workload(identity, this, Duration.ofHours(1));
  }

  /** TLS of a workload which trusts {@code trusted} and shows a certificate of this one. */
  public MeshTls workload(String identity, TestAuthority trusted, Duration untilExpiry) {
    MeshTls tls = anonymous(identity, trusted);
    tls.install(issue(identity, untilExpiry));
    return tls;
  }

  /** TLS without a certificate. */
  public static MeshTls anonymous(String serverName, TestAuthority trusted) {
    MeshTls tls = new MeshTls(trusted.anchors(), serverName, Clock.systemUTC());
    trusted.trusting.add(tls);
    return tls;
  }

  /** A fresh certificate with its key, issued a day before its end. */
  public Credentials issue(String identity, Duration untilExpiry) {
    Instant end = Instant.now().plus(untilExpiry);
    try {
      X509Bundle leaf =
          new CertificateBuilder()
              .subject("CN=" + identity)
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .addSanDnsName(identity)
              .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
              .notBefore(end.minus(Duration.ofDays(1)))
              .notAfter(end)
              .buildIssuedBy(root);
      return new Credentials(
          PeerId.dns(identity), leaf.getKeyPair().getPrivate(), List.of(leaf.getCertificate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Closes all TLS that trusts this authority; more may be made. */
  @Override
  public void close() {
    trusting.forEach(MeshTls::close);
    trusting.clear();
  }
}
