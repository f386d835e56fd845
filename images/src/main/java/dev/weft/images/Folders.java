package dev.weft.images;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What images need of a file system. */
final class Folders {
  /** The time of every file; a cache of Java holds for jars and modules of the same time alone. */
  static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

  private Folders() {}

  /** All files below a folder, sorted. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** All jars below a folder, sorted. */
  static List<Path> jars(Path folder) throws IOException {
    return files(folder).stream().filter(file -> file.toString().endsWith(".jar")).toList();
  }

  /**
   * Copies a folder's content, or the files of a pattern such as {@code target/weft-*.jar} that are
   * no tests.
   *
   * @throws ImageException if there is nothing
   */
  static void copy(Path source, Path target) throws IOException {
    Path from = Files.isDirectory(source) ? source : source.getParent();
    List<Path> files = Files.isDirectory(source) ? files(source) : matching(source);
    if (files.isEmpty()) {
      throw new ImageException("there is no " + source, "it was not built", "run `make images`");
    }
    for (Path file : files) {
      Path copy = target.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> matching(Path pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(pattern.getParent())) {
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(pattern.getParent(), pattern.getFileName().toString())) {
        found.forEach(files::add);
      }
    }
    files.removeIf(file -> file.toString().endsWith("-tests.jar"));
    return files;
  }

  /** Gives every file the one time. */
  static void age(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, FileTime.from(FILE_TIME));
    }
  }

  /** Deletes a folder with all that is in it, if it exists. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
