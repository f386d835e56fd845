package dev.weft.identity.issue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.identity.attest.Attestation;
import dev.weft.identity.issue.RefusedException.Reason;
import dev.weft.kit.tls.StepClock;
import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.TrustAnchors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificationTest {
  private static final String WEB = "web.emojivoto.serviceaccount.identity.linkerd.cluster.local";
  private static final String DNS_SAN = "2";
  private static final byte[] TOKEN = "token".getBytes(US_ASCII);
  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final Duration SKEW = Duration.ofSeconds(20);

  private final StepClock clock = new StepClock(Instant.now());
  private final Pair root = TestPki.root("root");
  private final Pair upper = TestPki.signed(root, Spec.authority("upper"));
  private final Pair issuer = TestPki.signed(upper, Spec.authority("issuer"));
  private final KeyPair keys = TestPki.ec("secp256r1");
  private final FakeAttestor attestor = new FakeAttestor();
  @TempDir Path directory;
  private IssuerKeeper issuers;
  private Certification certification;

  @BeforeEach
  void loadIssuer() throws Exception {
    load(issuer, issuer.certificatePem() + upper.certificatePem());
  }

  private void load(Pair pair, String chain) throws Exception {
    Files.writeString(directory.resolve("crt.pem"), chain);
    Files.writeString(directory.resolve("key.pem"), pair.keyPem());
    issuers =
        new IssuerKeeper(
            directory,
            "auto",
            new TrustAnchors(List.of(root.certificate())),
            clock,
            new IssuerKeeper.Listener() {
              @Override
              public void issuerLoaded(Issuer loaded) {}

              @Override
              public void issuerUpdated(Issuer updated) {}

              @Override
              public void issuerRejected(IssuerRejectedException reason, Optional<Issuer> kept) {
                throw new AssertionError(reason);
              }
            });
    issuers.poll();
    certification = certification(issuers);
  }

  private Certification certification(IssuerKeeper keeper) {
    return new Certification(
        IdentityNames.defaults(),
        keeper,
        attestor,
        new LeafSigner(LIFETIME, SKEW, clock, new SecureRandom()),
        clock);
  }

  @Test
  void leaf_hasTheContentsOfTheContract() throws Exception {
    Leaf leaf = certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    X509Certificate certificate = leaf.certificate();
    certificate.verify(issuer.certificate().getPublicKey());
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + WEB);
    assertThat(certificate.getIssuerX500Principal())
        .isEqualTo(issuer.certificate().getSubjectX500Principal());
    assertThat(certificate.getSubjectAlternativeNames()).hasSize(1);
    assertThat(certificate.getSubjectAlternativeNames().iterator().next().toString())
        .isEqualTo("[" + DNS_SAN + ", " + WEB + "]");
    assertThat(certificate.getKeyUsage()).startsWith(true, false, true, false, false, false);
    assertThat(certificate.getCriticalExtensionOIDs()).containsExactly("2.5.29.15");
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getExtensionValue("2.5.29.19")).isNull();
    assertThat(certificate.getSerialNumber().signum()).isEqualTo(1);
  }

  @Test
  void leaf_isValidFromSkewBeforeToSkewAfterTheLifetime() throws Exception {
    Leaf leaf = certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    assertThat(leaf.certificate().getNotBefore().toInstant()).isEqualTo(now.minus(SKEW));
    assertThat(leaf.notAfter()).isEqualTo(now.plus(LIFETIME).plus(SKEW));
  }

  @Test
  void leaf_neverOutlivesAnyCertificateOfTheIssuerFile() throws Exception {
    Instant end = clock.instant().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
    Pair shortUpper =
        TestPki.signed(root, Spec.authority("upper").valid(clock.instant().minusSeconds(60), end));
    Pair lower = TestPki.signed(shortUpper, Spec.authority("lower"));
    load(lower, lower.certificatePem() + shortUpper.certificatePem());
    assertThat(certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).notAfter())
        .isEqualTo(end);
  }

  @Test
  void intermediates_areTheIssuerFileInItsOrder() throws Exception {
    assertThat(certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).intermediates())
        .containsExactly(issuer.certificate(), upper.certificate());
  }

  @Test
  void leaf_withItsIntermediates_verifiesAgainstTheAnchors() throws Exception {
    Leaf leaf = certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(leaf.certificate());
    chain.addAll(leaf.intermediates());
    issuers.anchors().verify(chain, clock.instant());
  }

  @Test
  void serials_differ() throws Exception {
    assertThat(certification.certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).certificate())
        .extracting(X509Certificate::getSerialNumber)
        .isNotEqualTo(
            certification
                .certify(WEB, TOKEN, TestPki.workloadCsr(keys, WEB))
                .certificate()
                .getSerialNumber());
  }

  @Test
  void csr_withoutSubject_isSignedWithCriticalNames() throws Exception {
    byte[] csr = TestPki.csr(keys, "", TestPki.dns(WEB));
    assertThat(certification.certify(WEB, TOKEN, csr).certificate().getCriticalExtensionOIDs())
        .contains("2.5.29.17");
  }

  @Test
  void identity_longerThan64Characters_isSigned() throws Exception {
    String account = "a".repeat(63);
    String longName = IdentityNames.defaults().of("b".repeat(63), account);
    attestor.answer =
        new Attestation.Authenticated("system:serviceaccount:" + "b".repeat(63) + ":" + account);
    assertThat(
            certification.certify(longName, TOKEN, TestPki.workloadCsr(keys, longName)).identity())
        .isEqualTo(longName);
  }

  @Test
  void issuer_notLoaded_isUnavailableBeforeAnythingElse() throws Exception {
    IssuerKeeper empty =
        new IssuerKeeper(
            directory.resolve("nothing"),
            "auto",
            issuers.anchors(),
            clock,
            new IssuerKeeper.Listener() {
              @Override
              public void issuerLoaded(Issuer loaded) {}

              @Override
              public void issuerUpdated(Issuer updated) {}

              @Override
              public void issuerRejected(IssuerRejectedException reason, Optional<Issuer> kept) {}
            });
    assertThatThrownBy(() -> certification(empty).certify("", new byte[0], new byte[0]))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_ISSUER));
  }

  @Test
  void field_empty_isABadRequest() {
    byte[] csr = TestPki.workloadCsr(keys, WEB);
    assertThat(refusal("", TOKEN, csr).reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(refusal(WEB, new byte[0], csr).reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(refusal(WEB, TOKEN, new byte[0]).reason()).isEqualTo(Reason.BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "\u0030\u0080"})
  void csr_garbage_isABadRequest(String csr) {
    assertThat(refusal(WEB, TOKEN, csr.getBytes(US_ASCII)).reason()).isEqualTo(Reason.BAD_REQUEST);
  }

  @Test
  void csr_truncatedAnywhere_isABadRequest() {
    byte[] csr = TestPki.workloadCsr(keys, WEB);
    for (int length = 1; length < csr.length; length++) {
      byte[] cut = Arrays.copyOf(csr, length);
      assertThat(refusal(WEB, TOKEN, cut).reason()).isEqualTo(Reason.BAD_REQUEST);
    }
  }

  @Test
  void csr_followedByMoreBytes_isABadRequest() {
    byte[] csr = TestPki.workloadCsr(keys, WEB);
    assertThat(refusal(WEB, TOKEN, Arrays.copyOf(csr, csr.length + 1)).reason())
        .isEqualTo(Reason.BAD_REQUEST);
  }

  @Test
  void issuer_expiredSinceItWasLoaded_isFoundAtTheRequest() {
    clock.step(Duration.ofDays(400));
    RefusedException refusal = refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    assertThat(refusal.reason()).isEqualTo(Reason.ISSUER_INVALID);
    assertThat(refusal).hasMessageContaining("expired at");
  }

  @Test
  void csr_forAnotherIdentity_isRefusedBeforeTheTokenIsJudged() {
    String admin = "admin.emojivoto.serviceaccount.identity.linkerd.cluster.local";
    RefusedException refusal = refusal(WEB, TOKEN, TestPki.workloadCsr(keys, admin));
    assertThat(refusal.reason()).isEqualTo(Reason.CSR_RULES);
    assertThat(refusal).hasMessageContaining("'" + admin + "'");
    assertThat(attestor.asked).isZero();
  }

  @Test
  void csr_withASecondDnsName_isRefused() {
    assertLawless(TestPki.csr(keys, "CN=" + WEB, TestPki.dns(WEB, "other.example")));
  }

  @Test
  void csr_withoutNames_isRefused() {
    assertLawless(TestPki.csr(keys, "CN=" + WEB));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {GeneralName.rfc822Name, GeneralName.uniformResourceIdentifier, GeneralName.iPAddress})
  void csr_withANameOfAnotherKindBesides_isRefused(int kind) {
    String value = kind == GeneralName.iPAddress ? "10.0.0.1" : "spiffe://x/y";
    assertLawless(
        TestPki.csr(
            keys,
            "CN=" + WEB,
            new GeneralName(GeneralName.dNSName, WEB),
            new GeneralName(kind, value)));
  }

  @Test
  void csr_whoseOnlyNameIsAUri_isRefused() {
    assertLawless(
        TestPki.csr(
            keys, "CN=" + WEB, new GeneralName(GeneralName.uniformResourceIdentifier, WEB)));
  }

  @Test
  void csr_withAnotherCommonName_isRefused() {
    assertLawless(TestPki.csr(keys, "CN=admin", TestPki.dns(WEB)));
  }

  @Test
  void csr_withASecondCommonName_isRefused() {
    assertLawless(TestPki.csr(keys, "CN=" + WEB + ",CN=admin", TestPki.dns(WEB)));
  }

  @Test
  void csr_withABrokenSignature_isRefused() {
    byte[] csr = TestPki.workloadCsr(keys, WEB);
    csr[csr.length - 1] ^= 1;
    assertLawless(csr);
  }

  @Test
  void csr_signedByAnotherKey_isRefused() {
    KeyPair mixed = new KeyPair(keys.getPublic(), TestPki.ec("secp256r1").getPrivate());
    assertLawless(TestPki.workloadCsr(mixed, WEB));
  }

  @Test
  void csr_withAnRsaKey_isNotSigned() {
    assertThat(refusal(WEB, TOKEN, TestPki.workloadCsr(TestPki.rsa(2_048), WEB)).reason())
        .isEqualTo(Reason.SIGNING);
  }

  @Test
  void token_notAccepted_isUnauthenticated() {
    attestor.answer = new Attestation.Rejected("the token expired");
    RefusedException refusal = refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    assertThat(refusal.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(refusal).hasMessageContaining("the token expired");
  }

  @Test
  void token_malformed_isABadToken() {
    attestor.answer = new Attestation.Malformed("not a JWT");
    assertThat(refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).reason())
        .isEqualTo(Reason.BAD_TOKEN);
  }

  @Test
  void token_authorityUnreachable_isNotTheTokensFault() {
    attestor.answer = new Attestation.Unavailable("timeout");
    assertThat(refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).reason())
        .isEqualTo(Reason.ATTESTATION_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "admin",
        "system:node:worker",
        "system:serviceaccount:emojivoto:web:more",
        "other:serviceaccount:emojivoto:web",
        "system:serviceaccount:emojivoto:web.with.dots",
        "system:serviceaccount:Emojivoto:web"
      })
  void username_withoutIdentity_isABadToken(String username) {
    attestor.answer = new Attestation.Authenticated(username);
    assertThat(refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB)).reason())
        .isEqualTo(Reason.BAD_TOKEN);
  }

  @Test
  void token_ofAnotherAccount_isRefusedNamingBoth() {
    attestor.answer = new Attestation.Authenticated("system:serviceaccount:emojivoto:voting");
    RefusedException refusal = refusal(WEB, TOKEN, TestPki.workloadCsr(keys, WEB));
    assertThat(refusal.reason()).isEqualTo(Reason.OTHER_IDENTITY);
    assertThat(refusal).hasMessageContaining("'voting.emojivoto.").hasMessageContaining(WEB);
  }

  @Test
  void identity_hugeAndUnprintable_isCutInTheMessage() {
    String huge = "\u0007".repeat(100_000);
    RefusedException refusal = refusal(huge, TOKEN, TestPki.workloadCsr(keys, WEB));
    assertThat(refusal.text()).hasSizeLessThan(1_000).doesNotContain("\u0007");
  }

  @Test
  void self_isCertifiedWithoutAToken() throws Exception {
    String own = IdentityNames.defaults().identityService();
    attestor.answer = new Attestation.Rejected("no token is judged");
    assertThat(certification.certifySelf(TestPki.workloadCsr(keys, own)).identity()).isEqualTo(own);
  }

  private void assertLawless(byte[] csr) {
    assertThat(refusal(WEB, TOKEN, csr).reason()).isEqualTo(Reason.CSR_RULES);
  }

  private RefusedException refusal(String identity, byte[] token, byte[] csr) {
    RefusedException refusal =
        catchThrowableOfType(
            RefusedException.class, () -> certification.certify(identity, token, csr));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }
}
