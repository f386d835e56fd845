package dev.weft.resources.directory;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The manifest files which stand in one root directory at one moment. Hidden files and directories
 * (their name begins with a dot) are passed over: editors keep drafts there, and a mounted
 * ConfigMap the former generations of its files. Links are followed.
 */
final class Listing {
  /** How deep directories are searched. */
  static final int MAX_DEPTH = 16;

  /**
   * What tells one state of a file from another without reading it.
   *
   * @param size bytes
   * @param modified time of last change; coarse, see {@link #isRecent}
   * @param fileKey inode, so that a rename onto the file is seen
   */
  record Fingerprint(long size, FileTime modified, @Nullable Object fileKey) {
    /** Whether so young that a further change might leave the same time behind. */
    boolean isRecent(long nowMillis) {
      return nowMillis - modified.toMillis() < 2_000;
    }
  }

  private final Map<Path, Fingerprint> files = new TreeMap<>();
  private final Map<Path, String> unlisted = new LinkedHashMap<>();

  private Listing() {}

  /** Lists a root; {@code onDirectory} is told of each directory before it is read. */
  static Listing of(Path root, Consumer<Path> onDirectory) {
    Listing listing = new Listing();
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          MAX_DEPTH,
          listing.new Visitor(root, onDirectory));
    } catch (IOException e) {
      listing.unlisted.put(root, e.toString());
    }
    return listing;
  }

  /** The manifests, by path in natural order. */
  Map<Path, Fingerprint> files() {
    return files;
  }

  /** Files and directories that are there but could not be looked at, with the reason. */
  Map<Path, String> unlisted() {
    return unlisted;
  }

  /** Whether nothing can be said about this path, since something above could not be listed. */
  boolean isUnknown(Path path) {
    return unlisted.keySet().stream().anyMatch(path::startsWith);
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Consumer<Path> onDirectory;

    Visitor(Path root, Consumer<Path> onDirectory) {
      this.root = root;
      this.onDirectory = onDirectory;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      if (!dir.equals(root) && String.valueOf(dir.getFileName()).startsWith(".")) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      onDirectory.accept(dir);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.equals(root)) {
        unlisted.put(root, "not a directory");
      } else if (attributes.isRegularFile() && ManifestFile.isManifest(file)) {
        files.put(
            file,
            new Fingerprint(
                attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      boolean gone = !file.equals(root) && Files.notExists(file);
      if (!gone
          && (file.equals(root) || ManifestFile.isManifest(file) || Files.isDirectory(file))) {
        unlisted.put(file, e.toString());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) {
      if (e != null) {
        unlisted.put(dir, e.toString());
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
