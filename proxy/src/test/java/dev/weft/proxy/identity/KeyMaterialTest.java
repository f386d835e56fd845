package dev.weft.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyMaterialTest {
  private static final String NAME = "web.shop.example";

  @TempDir Path directory;

  @Test
  void obtain_withoutDirectory_makesAKey() throws IOException {
    assertThat(KeyMaterial.obtain(null, NAME).key().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void obtain_emptyDirectory_makesAKeyAndWritesNothing() throws IOException {
    KeyMaterial.obtain(directory, NAME);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void obtain_filesOfAHelper_areTaken() throws IOException {
    KeyMaterial made = KeyMaterial.generate(NAME);
    Files.write(directory.resolve("key.p8"), made.key().getEncoded());
    Files.write(directory.resolve("csr.der"), made.request());
    KeyMaterial taken = KeyMaterial.obtain(directory, NAME);

    assertThat(taken.key()).isEqualTo(made.key());
    assertThat(taken.request()).isEqualTo(made.request());
  }

  @Test
  void obtain_requestMissing_isRefused() throws IOException {
    Files.write(directory.resolve("key.p8"), KeyMaterial.generate(NAME).key().getEncoded());

    assertThatThrownBy(() -> KeyMaterial.obtain(directory, NAME)).hasMessageContaining("csr.der");
  }

  @Test
  void obtain_emptyFile_isRefused() throws IOException {
    Files.write(directory.resolve("key.p8"), new byte[0]);
    Files.write(directory.resolve("csr.der"), new byte[] {1});

    assertThatThrownBy(() -> KeyMaterial.obtain(directory, NAME)).hasMessageContaining("empty");
  }

  @Test
  void obtain_keyIsNoPkcs8_isRefused() throws IOException {
    Files.writeString(directory.resolve("key.p8"), "-----BEGIN PRIVATE KEY-----");
    Files.write(directory.resolve("csr.der"), new byte[] {1});

    assertThatThrownBy(() -> KeyMaterial.obtain(directory, NAME)).hasMessageContaining("PKCS#8");
  }
}
