package dev.weft.helm;

import java.io.IOException;
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
      for (Map.Entry<String, byte[]> file : ChartArchive.files(chart).entrySet()) {
        Path target = unpacked.directory().resolve(file.getKey());
        Files.createDirectories(target.getParent());
        Files.write(target, file.getValue());
      }
      return unpacked;
    } catch (IOException | RuntimeException e) {
      unpacked.close();
      throw e;
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
