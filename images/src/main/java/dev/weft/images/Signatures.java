package dev.weft.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes the signatures off signed jars (Bouncy Castle's). Java does not remember classes of signed
 * jars; what is in an image is vouched for by the image's digest.
 */
final class Signatures {
  private Signatures() {}

  /** Rewrites those of the jars that are signed. */
  static void remove(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      if (isSigned(jar)) {
        Path unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
        copyUnsigned(jar, unsigned);
        Files.delete(jar);
        Files.move(unsigned, jar);
      }
    }
  }

  private static boolean isSigned(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> isSignature(entry.getName()));
    }
  }

  private static void copyUnsigned(Path from, Path to) throws IOException {
    try (ZipFile zip = new ZipFile(from.toFile());
        OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!isSignature(entry.getName())) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          try (var content = zip.getInputStream(entry)) {
            content.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }

  private static boolean isSignature(String name) {
    return name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
  }
}
