package dev.weft.identity.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.weft.identity.standalone.StandaloneDirectory.Outcome;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneDirectoryTest {
  private final Clock clock = Clock.systemUTC();
  @TempDir Path temp;
  private StandaloneDirectory state;

  @BeforeEach
  void place() {
    state = new StandaloneDirectory(temp.resolve("deep/mesh"));
  }

  @Test
  void directory_new_getsAWorkingIssuerAndMatchingTokenKeys() throws Exception {
    assertThat(state.prepare(clock)).isEqualTo(Outcome.CREATED);
    TrustAnchors.read(state.trustAnchors())
        .verify(
            PemCertificates.parse(Files.readString(state.issuer().resolve("crt.pem"))),
            clock.instant());
    ECKey signing = ECKey.parse(Files.readString(state.signingKey()));
    JWKSet published = JWKSet.parse(Files.readString(state.keySet()));
    assertThat(signing.isPrivate()).isTrue();
    assertThat(published.getKeyByKeyId(signing.getKeyID())).isEqualTo(signing.toPublicJWK());
    assertThat(Files.readString(state.keySet())).doesNotContain("\"d\"");
  }

  @Test
  void directory_new_isReadableByItsOwnerOnly() throws Exception {
    state.prepare(clock);
    try (Stream<Path> all = Files.walk(state.directory())) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void directory_complete_isReusedUnchanged() throws Exception {
    state.prepare(clock);
    TreeMap<String, String> before = contents();
    assertThat(state.prepare(clock)).isEqualTo(Outcome.REUSED);
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void directory_withOtherFiles_isFoundedBesideThem() throws Exception {
    Files.createDirectories(
        state.directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectory(state.directory().resolve("workloads"));
    assertThat(state.prepare(clock)).isEqualTo(Outcome.CREATED);
    assertThat(state.directory().resolve("workloads")).exists();
  }

  @Test
  void creation_interruptedBeforeItsCommit_isStartedAnew() throws Exception {
    state.prepare(clock);
    Path preparing = state.directory().resolve(".bootstrap-new");
    Files.createDirectory(preparing);
    Files.move(state.issuer(), preparing.resolve("issuer"));
    Files.delete(state.trustAnchors());
    deleteTokens();
    assertThat(state.prepare(clock)).isEqualTo(Outcome.CREATED);
    assertThat(preparing).doesNotExist();
  }

  @Test
  void creation_interruptedAfterItsCommit_isCompletedWithTheSameKeys() throws Exception {
    state.prepare(clock);
    TreeMap<String, String> before = contents();
    Path committed = Files.createDirectory(state.directory().resolve(".bootstrap"));
    Files.move(state.issuer(), committed.resolve("issuer"));
    Files.move(state.trustAnchors(), committed.resolve("trust-anchors.pem"));
    assertThat(state.prepare(clock)).isEqualTo(Outcome.COMPLETED);
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void directory_damaged_isRefusedNamingWhatIsMissing() throws Exception {
    state.prepare(clock);
    Files.delete(state.issuer().resolve("key.pem"));
    TreeMap<String, String> before = contents();
    assertThatThrownBy(() -> state.prepare(clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing [" + state.issuer().resolve("key.pem") + "]")
        .hasMessageContaining("fix: restore the missing files");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void directory_openToOthers_isRefusedWithTheCommandThatMendsIt() throws Exception {
    state.prepare(clock);
    Path key = state.signingKey();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> state.prepare(clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("open to other users (rw-r--r--)")
        .hasMessageContaining("fix: chmod go= " + key);
  }

  @Test
  void directory_thatIsAFile_isRefused() throws Exception {
    Files.createDirectories(state.directory().getParent());
    Files.writeString(state.directory(), "");
    assertThatThrownBy(() -> state.prepare(clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a directory");
  }

  private TreeMap<String, String> contents() throws IOException {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(state.directory())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(state.directory().relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private void deleteTokens() throws IOException {
    Files.delete(state.keySet());
    Files.delete(state.signingKey());
    Files.delete(state.keySet().getParent());
  }
}
