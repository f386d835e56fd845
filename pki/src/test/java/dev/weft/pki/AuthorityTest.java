package dev.weft.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void root_asItsOwnIssuer_verifies() throws GeneralSecurityException {
    Authority root = Authority.root("identity.linkerd.cluster.local", 0, NOW, YEAR);

    assertThatCode(
            () ->
                TrustAnchors.parse(root.certificatePem()).verify(List.of(root.certificate()), NOW))
        .doesNotThrowAnyException();
  }

  @Test
  void root_hasWhatTheContractSays() throws GeneralSecurityException {
    var certificate = Authority.root("identity.linkerd.cluster.local", 0, NOW, YEAR).certificate();

    assertThat(certificate.getSubjectX500Principal().getName())
        .isEqualTo("CN=identity.linkerd.cluster.local");
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getCurve().getField())
        .extracting("fieldSize")
        .isEqualTo(256);
    assertThat(certificate.getBasicConstraints()).isZero();
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Authority.SKEW));
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(NOW.plus(YEAR).plus(Authority.SKEW));
  }

  @Test
  void authority_belowARoot_verifiesAgainstThatRootOnly() throws GeneralSecurityException {
    Authority root = Authority.root("root", 1, NOW, YEAR);
    Authority other = Authority.root("root", 1, NOW, YEAR);
    Authority issuer = root.below("issuer", NOW, YEAR);

    assertThatCode(
            () ->
                new TrustAnchors(List.of(root.certificate()))
                    .verify(List.of(issuer.certificate()), NOW))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                new TrustAnchors(List.of(other.certificate()))
                    .verify(List.of(issuer.certificate()), NOW))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void key_writtenAndRead_isThatOfTheCertificate() throws Exception {
    Authority mine = Authority.root("mine", 0, NOW, YEAR);
    Authority other = Authority.root("other", 0, NOW, YEAR);

    assertThat(PemKeys.matches(PemKeys.parse(mine.keyPem()), mine.certificate())).isTrue();
    assertThat(PemKeys.matches(PemKeys.parse(mine.keyPem()), other.certificate())).isFalse();
  }

  @Test
  void toString_doesNotShowTheKey() throws GeneralSecurityException {
    assertThat(Authority.root("mine", 0, NOW, YEAR)).hasToString("Authority[CN=mine]");
  }
}
