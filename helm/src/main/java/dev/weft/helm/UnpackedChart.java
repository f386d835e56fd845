package dev.weft.helm;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A chart of the class path in a temporary folder, where Helm can read it; closing removes it. */
record UnpackedChart(Path scratch, Path directory) implements AutoCloseable {

  static UnpackedChart of(Chart chart) throws IOException {
    Path scratch = Files.createTempDirectory("weft-chart-");
    UnpackedChart unpacked = new UnpackedChart(scratch, scratch.resolve(chart.chartName()));
    try {
      copy(chart, unpacked.directory());
      return unpacked;
    } catch (IOException | RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  private static void copy(Chart chart, Path target) throws IOException {
    String name = "/charts/" + chart.chartName();
    URL root = Charts.class.getResource(name);
    if (root == null) {
      throw new IllegalStateException(name + " is not on the class path");
    }
    URI uri = uri(root);
    if (uri.getScheme().equals("file")) {
      copyTree(Path.of(uri), target);
    } else {
      // A view of our own of the jar: closing a shared one would take it from other threads.
      Path jar = Path.of(URI.create(uri.getRawSchemeSpecificPart().split("!")[0]));
      try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
        copyTree(files.getPath(name), target);
      }
    }
  }

  private static URI uri(URL root) {
    try {
      return root.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("class path entry " + root + " is not a URI", e);
    }
  }

  private static void copyTree(Path source, Path target) throws IOException {
    for (Path from : tree(source)) {
      Path to = target.resolve(source.relativize(from).toString());
      if (Files.isDirectory(from)) {
        Files.createDirectories(to);
      } else {
        Files.copy(from, to);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Path path : tree(scratch).reversed()) {
      Files.deleteIfExists(path);
    }
  }

  /** Parents before children. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.sorted(Comparator.comparing(Path::getNameCount)).toList();
    }
  }
}
