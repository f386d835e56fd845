package dev.weft.helm;

import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The archive of the class path that holds the charts, read as a stream. */
final class ChartArchive {
  private static final String RESOURCE = "/charts.zip";

  private ChartArchive() {}

  /** The files of a chart by their path below its folder, with {@code /} between the names. */
  static SortedMap<String, byte[]> files(Chart chart) throws IOException {
    String folder = chart.chartName() + "/";
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (InputStream in = ChartArchive.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory() && entry.getName().startsWith(folder)) {
          files.put(entry.getName().substring(folder.length()), zip.readAllBytes());
        }
      }
    }
    return files;
  }
}
