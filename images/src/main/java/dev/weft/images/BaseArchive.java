package dev.weft.images;

import dev.weft.images.layer.LayerTar;
import dev.weft.images.layer.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image of one layer as an archive that Jib reads as a base. The layer is written here because
 * Jib writes neither links nor file capabilities.
 */
final class BaseArchive {
  private BaseArchive() {}

  static void write(Tree tree, Platform platform, Path target) throws IOException {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    LayerTar.write(tree, layer);
    byte[] bytes = layer.toByteArray();
    String config =
        """
        {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z",\
        "config":{"Env":["PATH=/usr/sbin:/usr/bin"]},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},\
        "history":[{"created":"1970-01-01T00:00:00Z","created_by":"weft base of Debian files"}]}"""
            .formatted(platform.ociName(), Digests.sha256(bytes));
    Files.createDirectories(target.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(target);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      put(
          tar,
          "manifest.json",
          "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]"
              .getBytes(StandardCharsets.UTF_8));
      put(tar, "config.json", config.getBytes(StandardCharsets.UTF_8));
      put(tar, "layer.tar", bytes);
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
