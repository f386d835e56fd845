package dev.weft.images.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

final class LayerTarTest {
  private static final byte[] CONTENT = "x".getBytes(StandardCharsets.UTF_8);

  private static byte[] write(Tree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerTar.write(tree, out);
    return out.toByteArray();
  }

  private static Map<String, TarArchiveEntry> read(byte[] tar) throws IOException {
    Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    return entries;
  }

  @Test
  void write_sameContentInAnotherOrder_givesTheSameBytes() throws IOException {
    Tree one = new Tree().text("b/c", "1").link("a", "b/c");
    Tree other = new Tree().link("a", "b/c").text("b/c", "1");

    assertThat(write(one)).isEqualTo(write(other));
  }

  @Test
  void write_file_bringsItsParentsFirst() throws IOException {
    assertThat(read(write(new Tree().text("usr/lib/x", "1"))).keySet())
        .containsExactly("usr/", "usr/lib/", "usr/lib/x");
  }

  @Test
  void write_everything_isRootsAndOfTheEpoch() throws IOException {
    assertThat(read(write(new Tree().text("a/b", "1").link("l", "a"))).values())
        .allSatisfy(
            entry -> {
              assertThat(entry.getLastModifiedTime().toMillis()).isZero();
              assertThat(entry.getLongUserId()).isZero();
              assertThat(entry.getUserName()).isEmpty();
            });
  }

  @Test
  void write_capabilities_becomeAnExtendedAttribute() throws IOException {
    Node.File file = new Node.File(CONTENT, 0755).with(FileCapabilities.NETWORK);

    String value =
        read(write(new Tree().put("env", file)))
            .get("env")
            .getExtraPaxHeader("SCHILY.xattr.security.capability");

    // As `setcap cap_net_admin,cap_net_raw+eip` writes it (linux/capability.h, revision 2).
    assertThat(HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("0100000200300000003000000000000000000000");
  }

  @Test
  void write_ordinaryFile_hasNoAttribute() throws IOException {
    assertThat(read(write(new Tree().text("a", "1"))).get("a").getExtraPaxHeaders()).isEmpty();
  }
}
