package dev.weft.proxy.testing;

import dev.weft.proxy.tls.Credentials;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.TrustAnchors;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trust anchor, and mesh TLS for identities certified by it; closes what it made. */
public final class TestMesh implements AutoCloseable {
  private final X509Bundle root;
  private final List<MeshTls> made = new CopyOnWriteArrayList<>();

  public TestMesh() {
    try {
      root =
          new CertificateBuilder()
              .subject("CN=root")
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** TLS of a workload that has its certificate. */
  public MeshTls tls(String identity) {
    TrustAnchors anchors = new TrustAnchors(List.of(root.getCertificate()), 0);
    MeshTls tls = new MeshTls(anchors, identity, Clock.systemUTC());
    made.add(tls);
    tls.install(credentials(identity));
    return tls;
  }

  /** A fresh certificate with its key. */
  public Credentials credentials(String identity) {
    try {
      X509Bundle leaf =
          new CertificateBuilder()
              .subject("CN=" + identity)
              .algorithm(CertificateBuilder.Algorithm.ecp256)
              .addSanDnsName(identity)
              .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
              .notBefore(Instant.now().minusSeconds(60))
              .notAfter(Instant.now().plusSeconds(3_600))
              .buildIssuedBy(root);
      return new Credentials(
          PeerId.dns(identity), leaf.getKeyPair().getPrivate(), List.of(leaf.getCertificate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    made.forEach(MeshTls::close);
    made.clear();
  }
}
