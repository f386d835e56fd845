package dev.weft.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

class TrustAnchorsTest {
  private final Instant now = Instant.now();
  private final Pair root = TestPki.root("root");
  private final Pair issuer = TestPki.signed(root, Spec.authority("issuer"));
  private final Pair leaf = TestPki.leaf(issuer, Spec.authority("leaf"), "web.default");
  private final TrustAnchors anchors = new TrustAnchors(List.of(root.certificate()));

  @Test
  void chain_throughAnIntermediate_verifies() {
    assertThatCode(() -> anchors.verify(chain(leaf, issuer), now)).doesNotThrowAnyException();
  }

  @Test
  void chain_withoutTheIntermediate_isRefused() {
    assertRefused(anchors, now, "no path to a trust anchor", leaf);
  }

  @Test
  void chain_ofTheRootItself_verifies() {
    assertThatCode(() -> anchors.verify(chain(root), now)).doesNotThrowAnyException();
  }

  @Test
  void chain_toAnotherRootOfTheSameName_isRefused() {
    TrustAnchors others = new TrustAnchors(List.of(TestPki.root("root").certificate()));
    assertThatThrownBy(() -> others.verify(chain(leaf, issuer), now))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void leaf_expired_isRefusedWithTheTime() {
    Instant end = now.minusSeconds(60);
    Pair old =
        TestPki.leaf(
            issuer, Spec.authority("old").valid(end.minus(Duration.ofDays(1)), end), "old");
    assertRefused(anchors, now, "expired at", old, issuer);
  }

  @Test
  void leaf_notYetValid_isRefusedWithTheTime() {
    assertRefused(anchors, now.minus(Duration.ofDays(2)), "not valid before", leaf, issuer);
  }

  @Test
  void root_expired_isRefusedThoughTheLeafIsValid() {
    Instant end = now.minusSeconds(60);
    Pair oldRoot = TestPki.root(Spec.authority("old").valid(end.minus(Duration.ofDays(1)), end));
    Pair young = TestPki.leaf(oldRoot, Spec.authority("young"), "young");
    assertRefused(
        new TrustAnchors(List.of(oldRoot.certificate())), now, "every trust anchor", young);
  }

  @Test
  void intermediate_withoutTheCaBit_isRefused() {
    Pair fake = TestPki.signed(root, Spec.authority("fake").notAuthority());
    assertThatThrownBy(
            () -> anchors.verify(chain(TestPki.leaf(fake, Spec.authority("x"), "x"), fake), now))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void intermediate_forOtherPurposes_isRefused() {
    Pair mail =
        TestPki.signed(root, Spec.authority("mail").purposes(KeyPurposeId.id_kp_emailProtection));
    assertRefused(
        anchors,
        now,
        "extended key usage of 'CN=mail'",
        TestPki.leaf(mail, Spec.authority("x"), "x"),
        mail);
  }

  @Test
  void bundle_ofSeveralRoots_isReadWhole() throws Exception {
    Pair second = TestPki.root("second");
    TrustAnchors both =
        TrustAnchors.parse("# ours\n" + root.certificatePem() + second.certificatePem());
    assertThat(both.certificates()).containsExactly(root.certificate(), second.certificate());
  }

  @Test
  void bundle_cutInTheMiddle_isRefused() {
    String pem = root.certificatePem();
    assertThatThrownBy(() -> TrustAnchors.parse(pem.substring(0, pem.length() / 2)))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("PEM certificate 1 cannot be read");
  }

  private static void assertRefused(
      TrustAnchors anchors, Instant now, String cause, Pair... chain) {
    assertThatThrownBy(() -> anchors.verify(chain(chain), now))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(cause);
  }

  private static List<X509Certificate> chain(Pair... pairs) {
    return List.of(pairs).stream().map(Pair::certificate).toList();
  }
}
