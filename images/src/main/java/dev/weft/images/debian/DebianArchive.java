package dev.weft.images.debian;

import dev.weft.images.Commands;
import dev.weft.images.Digests;
import dev.weft.images.ImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archive this machine's apt is set up with: it names versions and signed digests, and
 * downloads. What was downloaded once is kept.
 */
public final class DebianArchive {
  private static final String FIX =
      "run on a Debian or Ubuntu after `apt-get update`, or give BASE_IMAGE";
  private static final Pattern URI =
      Pattern.compile("'\\S+' (?<file>\\S+) \\d+ SHA256:(?<digest>[0-9a-f]{64})");

  private final Path directory;

  /**
   * @param directory where packages are kept
   */
  public DebianArchive(Path directory) {
    this.directory = directory;
  }

  /** The newest versions of these packages, in the given order. */
  public List<DebianPackage> fetch(Collection<String> names) {
    try {
      // Apt says nothing about what already lies in the directory it runs in.
      Path empty = Files.createDirectories(directory.resolve("empty"));
      List<Download> wanted = new ArrayList<>();
      for (String line : apt(empty, List.of("--print-uris"), names)) {
        Matcher matcher = URI.matcher(line);
        if (matcher.matches()) {
          Path file = directory.resolve(matcher.group("file"));
          wanted.add(new Download(file, matcher.group("digest")));
        }
      }
      if (wanted.size() != names.size()) {
        throw new ImageException(
            "packages " + names + " are not all to be had", "apt knows " + wanted, FIX);
      }
      if (!wanted.stream().allMatch(Download::isIntact)) {
        apt(directory, List.of(), names);
      }
      List<DebianPackage> packages = new ArrayList<>();
      for (Download download : wanted) {
        if (!download.isIntact()) {
          throw new ImageException(
              "the package " + download.file() + " cannot be used",
              "its SHA-256 is not " + download.digest(),
              "run `apt-get update` and delete the file");
        }
        packages.add(DebianPackage.read(download.file()));
      }
      return packages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> apt(Path where, List<String> options, Collection<String> names) {
    Stream<String> command = Stream.of("apt-get", "-qq", "-o", "APT::Sandbox::User=root");
    return Commands.lines(
        where,
        FIX,
        Stream.of(command, Stream.of("download"), options.stream(), names.stream())
            .flatMap(part -> part)
            .toList());
  }

  private record Download(Path file, String digest) {
    boolean isIntact() {
      try {
        return Files.exists(file) && Digests.sha256(file).equals(digest);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
