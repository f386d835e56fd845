package dev.weft.images.debian;

import dev.weft.images.Commands;
import dev.weft.images.layer.Node;
import dev.weft.images.layer.Tree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A Debian package, downloaded.
 *
 * @param name its name
 * @param version its version
 * @param source the source package it was built from
 * @param file the {@code .deb}
 * @param control its control data, as dpkg knows it
 */
public record DebianPackage(String name, String version, String source, Path file, String control) {
  private static final String FIX = "install dpkg, or give BASE_IMAGE";
  private static final int PERMISSIONS = 07777;

  static DebianPackage read(Path file) {
    String control =
        String.join("\n", Commands.lines(directory(file), FIX, command("--field", file))) + "\n";
    String name = field(control, "Package", "");
    // "glibc (2.36)" where the source's version differs from the package's.
    String source = field(control, "Source", name).split(" ", 2)[0];
    return new DebianPackage(name, field(control, "Version", ""), source, file, control);
  }

  private static String field(String control, String key, String otherwise) {
    return control
        .lines()
        .filter(line -> line.startsWith(key + ": "))
        .map(line -> line.substring(key.length() + 2))
        .findFirst()
        .orElse(otherwise);
  }

  /** Every file and link of the package, below {@code usr} where `/usr` is merged. */
  public Tree content() {
    Tree tree = new Tree();
    byte[] bytes = Commands.output(directory(file), FIX, command("--fsys-tarfile", file));
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = merged(entry.getName());
        if (entry.isSymbolicLink()) {
          tree.link(path, entry.getLinkName());
        } else if (entry.isFile()) {
          tree.put(path, new Node.File(tar.readAllBytes(), entry.getMode() & PERMISSIONS));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tree;
  }

  private static String merged(String path) {
    String plain = path.startsWith("./") ? path.substring(2) : path;
    return plain.matches("(bin|sbin|lib|lib64)/.*") ? "usr/" + plain : plain;
  }

  private static Path directory(Path file) {
    return file.toAbsolutePath().getParent();
  }

  private static List<String> command(String option, Path file) {
    return List.of("dpkg-deb", option, file.toAbsolutePath().toString());
  }
}
