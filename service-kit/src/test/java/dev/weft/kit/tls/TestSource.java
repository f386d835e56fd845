package dev.weft.kit.tls;

import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** Signs requests with a test authority, or fails, as a test says. */
final class TestSource implements CertificateSource {
  static final String IDENTITY =
      "linkerd-destination.linkerd.serviceaccount.identity.linkerd.cluster.local";

  final Pair root = TestPki.root("root");
  private final Clock clock;
  Duration lifetime = Duration.ofHours(1);
  Pair signer = root;
  String name = IDENTITY;
  @Nullable KeyPair otherKeys;
  @Nullable String failure;

  TestSource(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String identity() {
    return IDENTITY;
  }

  @Override
  public TrustAnchors anchors() {
    return new TrustAnchors(List.of(root.certificate()));
  }

  @Override
  public List<X509Certificate> certify(byte[] csr) throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    try {
      KeyPair keys =
          otherKeys != null
              ? otherKeys
              : new KeyPair(new JcaPKCS10CertificationRequest(csr).getPublicKey(), null);
      Spec spec =
          Spec.authority("leaf")
              .valid(clock.instant().minusSeconds(60), clock.instant().plus(lifetime));
      return List.of(TestPki.leaf(signer, spec, keys, name).certificate());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Credentials of a new key, as a keeper gets them. */
  Credentials credentials() throws IOException {
    KeyRequest request = KeyRequest.generate(IDENTITY);
    return new Credentials(request.keys().getPrivate(), certify(request.csr()));
  }
}
