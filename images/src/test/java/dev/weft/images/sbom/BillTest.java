package dev.weft.images.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.images.debian.DebianPackage;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BillTest {
  @TempDir private Path directory = Path.of(".");

  private Path jar(String file, String properties) throws Exception {
    Path jar = directory.resolve(file);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(
          new ZipEntry(
              properties.isEmpty() ? "empty" : "META-INF/maven/io.netty/netty/pom.properties"));
      zip.write(properties.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return jar;
  }

  private Bill bill() throws Exception {
    return new Bill("weft.dev/proxy", "0.1.0")
        .java("Eclipse Adoptium", "25.0.3+9")
        .debian(
            List.of(
                new DebianPackage("libc6", "2.36-9+deb12u14", "glibc", Path.of("libc6.deb"), "")),
            "amd64")
        .jars(
            List.of(
                jar(
                    "netty-common-4.2.18.Final.jar",
                    "groupId=io.netty\nartifactId=netty-common\nversion=4.2.18.Final\n"),
                jar("tcnative-2.0.84.Final-linux-x86_64.jar", "")));
  }

  @Test
  void json_everyKindOfPart_isNamedByItsPackageUrl() throws Exception {
    assertThat(bill().json())
        .contains(
            "\"pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64\"",
            "\"pkg:maven/io.netty/netty-common@4.2.18.Final\"",
            "\"pkg:generic/tcnative@2.0.84.Final\"",
            "\"pkg:generic/openjdk@25.0.3%2B9\"");
  }

  @Test
  void json_isValidCycloneDx() throws Exception {
    assertThat(
            new JsonParser()
                .validate(bill().json().getBytes(StandardCharsets.UTF_8), Version.VERSION_16))
        .isEmpty();
  }

  @Test
  void json_sameContent_isTheSameText() throws Exception {
    assertThat(bill().json()).isEqualTo(bill().json()).doesNotContain("timestamp", "serialNumber");
  }
}
