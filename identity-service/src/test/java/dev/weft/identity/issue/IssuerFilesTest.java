package dev.weft.identity.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerFilesTest {
  private final Instant now = Instant.now();
  private final Pair root = TestPki.root("root");
  private final Pair issuer = TestPki.signed(root, Spec.authority("issuer"));
  private final TrustAnchors anchors = new TrustAnchors(List.of(root.certificate()));
  @TempDir Path directory;

  @Test
  void layout_ofLinkerd_isRead() throws Exception {
    write("crt.pem", issuer.certificatePem(), "key.pem", issuer.keyPem());
    assertThat(load("linkerd.io/tls").certificate()).isEqualTo(issuer.certificate());
  }

  @Test
  void layout_ofKubernetes_isRead() throws Exception {
    write("tls.crt", issuer.certificatePem(), "tls.key", issuer.keyPem());
    assertThat(load("kubernetes.io/tls").certificate()).isEqualTo(issuer.certificate());
  }

  @Test
  void layout_auto_takesTheFilesThatExist() throws Exception {
    write("tls.crt", issuer.certificatePem(), "tls.key", issuer.keyPem());
    assertThat(load("auto").certificate()).isEqualTo(issuer.certificate());
  }

  @Test
  void files_missing_areNamed() {
    assertThatThrownBy(() -> load("auto"))
        .isInstanceOf(IssuerRejectedException.class)
        .hasMessageContaining(directory.resolve("crt.pem").toString())
        .hasMessageContaining("fix: ");
  }

  @Test
  void key_inSec1_isRead() throws Exception {
    writeKey(issuer.keyPemSec1());
    assertThat(load("auto").certificate()).isEqualTo(issuer.certificate());
  }

  @Test
  void key_behindEcParameters_isRead() throws Exception {
    byte[] prime256v1 = {6, 8, 42, (byte) 134, 72, (byte) 206, 61, 3, 1, 7};
    writeKey(TestPki.pem("EC PARAMETERS", prime256v1) + issuer.keyPemSec1());
    assertThat(load("auto").certificate()).isEqualTo(issuer.certificate());
  }

  @Test
  void chain_withUpperCertificates_keepsItsOrder() throws Exception {
    Pair lower = TestPki.signed(issuer, Spec.authority("lower"));
    write("crt.pem", lower.certificatePem() + issuer.certificatePem(), "key.pem", lower.keyPem());
    assertThat(load("auto").chain()).containsExactly(lower.certificate(), issuer.certificate());
  }

  @Test
  void issuer_thatIsTheAnchor_isAccepted() throws Exception {
    write("crt.pem", root.certificatePem(), "key.pem", root.keyPem());
    assertThat(load("auto").certificate()).isEqualTo(root.certificate());
  }

  @Test
  void key_ofAnotherPair_isRejected() throws Exception {
    writeKey(root.keyPem());
    assertRejected("the key is not that of the certificate");
  }

  @Test
  void key_rsa_isRejectedBecauseItCannotSignWithEcdsa() throws Exception {
    Pair rsa = TestPki.signed(root, Spec.authority("rsa"), TestPki.rsa(2_048));
    write("crt.pem", rsa.certificatePem(), "key.pem", rsa.keyPem());
    assertRejected("cannot sign with ECDSA");
  }

  @Test
  void key_garbage_isRejected() throws Exception {
    writeKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertRejected("cause: ");
  }

  @Test
  void key_certificateInItsPlace_isRejected() throws Exception {
    writeKey(issuer.certificatePem());
    assertRejected("a PEM block is no private key");
  }

  @Test
  void certificate_halfWritten_isRejected() throws Exception {
    String pem = issuer.certificatePem();
    write("crt.pem", pem.substring(0, pem.length() / 2), "key.pem", issuer.keyPem());
    assertRejected("cannot be read");
  }

  @Test
  void certificate_withoutCaBit_isRejected() throws Exception {
    Pair leaf = TestPki.signed(root, Spec.authority("leaf").notAuthority());
    write("crt.pem", leaf.certificatePem(), "key.pem", leaf.keyPem());
    assertRejected("CA bit is not set");
  }

  @Test
  void certificate_ofAnotherRoot_isRejected() throws Exception {
    Pair foreign = TestPki.signed(TestPki.root("other"), Spec.authority("foreign"));
    write("crt.pem", foreign.certificatePem(), "key.pem", foreign.keyPem());
    assertRejected("no path to a trust anchor");
  }

  @Test
  void certificate_expired_isRejected() throws Exception {
    Instant end = now.minusSeconds(60);
    Pair old =
        TestPki.signed(root, Spec.authority("old").valid(end.minus(Duration.ofDays(1)), end));
    write("crt.pem", old.certificatePem(), "key.pem", old.keyPem());
    assertRejected("expired at");
  }

  @Test
  void certificate_notYetValid_isRejected() throws Exception {
    Instant start = now.plusSeconds(60);
    Pair young =
        TestPki.signed(root, Spec.authority("young").valid(start, start.plus(Duration.ofDays(1))));
    write("crt.pem", young.certificatePem(), "key.pem", young.keyPem());
    assertRejected("not valid before");
  }

  private Issuer load(String scheme) throws IssuerRejectedException {
    return IssuerFiles.read(directory, scheme).verify(anchors, now);
  }

  private void assertRejected(String cause) {
    assertThatThrownBy(() -> load("auto"))
        .isInstanceOf(IssuerRejectedException.class)
        .hasMessageStartingWith("identity issuer rejected: file=" + directory)
        .hasMessageContaining(cause)
        .hasMessageContaining("; fix: ");
  }

  private void writeKey(String key) throws IOException {
    write("crt.pem", issuer.certificatePem(), "key.pem", key);
  }

  private void write(String certificateName, String certificate, String keyName, String key)
      throws IOException {
    Files.writeString(directory.resolve(certificateName), certificate);
    Files.writeString(directory.resolve(keyName), key);
  }
}
