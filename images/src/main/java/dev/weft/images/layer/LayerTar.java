package dev.weft.images.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tree as a layer. The same tree gives the same bytes: sorted, root's, of the epoch. */
public final class LayerTar {
  private static final String CAPABILITY_RECORD = "SCHILY.xattr.security.capability";

  private LayerTar() {}

  /** Writes the tar and leaves the stream open. */
  public static void write(Tree tree, OutputStream out) throws IOException {
    TarArchiveOutputStream tar =
        new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name()); // closing would close out
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      add(tar, entry.getKey(), entry.getValue());
    }
    tar.finish();
    tar.flush();
  }

  private static void add(TarArchiveOutputStream tar, String path, Node node) throws IOException {
    switch (node) {
      case Node.Directory directory -> {
        TarArchiveEntry entry = entry(path + "/", TarConstants.LF_DIR, directory.mode());
        tar.putArchiveEntry(entry);
      }
      case Node.Link link -> {
        TarArchiveEntry entry = entry(path, TarConstants.LF_SYMLINK, 0777);
        entry.setLinkName(link.target());
        tar.putArchiveEntry(entry);
      }
      case Node.File file -> {
        TarArchiveEntry entry = entry(path, TarConstants.LF_NORMAL, file.mode());
        entry.setSize(file.content().length);
        if (!file.capabilities().isEmpty()) {
          // Every byte of the value is below 0x80, so it passes through a string unharmed.
          entry.addPaxHeader(
              CAPABILITY_RECORD,
              new String(file.capabilities().attribute(), StandardCharsets.US_ASCII));
        }
        tar.putArchiveEntry(entry);
        tar.write(file.content());
      }
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(String path, byte type, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(path, type);
    entry.setMode(mode);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }
}
