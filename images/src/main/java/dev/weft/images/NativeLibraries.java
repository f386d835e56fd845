package dev.weft.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Takes the shared objects out of Netty's jars: left inside, they are unpacked to a temporary
 * directory at each start, and an image has none.
 */
final class NativeLibraries {
  private static final String FOLDER = "META-INF/native/";

  private NativeLibraries() {}

  /** Copies those of Linux on this processor. */
  static void extract(List<Path> jars, Platform platform, Path target) throws IOException {
    Files.createDirectories(target);
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : zip.stream().filter(e -> isWanted(e.getName(), platform)).toList()) {
          try (InputStream in = zip.getInputStream(entry)) {
            Path file = target.resolve(entry.getName().substring(FOLDER.length()));
            Files.write(file, in.readAllBytes());
          }
        }
      }
    }
  }

  private static boolean isWanted(String name, Platform platform) {
    return name.startsWith(FOLDER) && name.endsWith("_" + platform.nettyName() + ".so");
  }
}
