package dev.weft.images.sbom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a jar is.
 *
 * @param group its Maven group; empty where the jar does not say
 * @param artifact its name
 * @param version its version; empty where nothing says
 */
record Coordinates(String group, String artifact, String version) {
  /** A version may have one of these qualifiers; what else follows it is a classifier. */
  private static final Pattern FILE =
      Pattern.compile(
          "(?<name>.+?)-(?<version>\\d[^-]*(-(SNAPSHOT|jre|alpha|beta|M|RC)[\\w.]*)?)(-[\\w.-]+)?\\.jar");

  /** By the properties Maven left inside, else by the file's name. */
  static Coordinates of(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> found =
          zip.stream()
              .filter(e -> e.getName().matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties"))
              .toList();
      String file = jar.getFileName().toString();
      for (ZipEntry entry : found) {
        Properties properties = new Properties();
        try (InputStream in = zip.getInputStream(entry)) {
          properties.load(in);
        }
        String artifact = properties.getProperty("artifactId", "");
        // A jar that swallowed others has the properties of all of them.
        if (found.size() == 1 || file.contains(artifact + "-")) {
          return new Coordinates(
              properties.getProperty("groupId", ""),
              artifact,
              properties.getProperty("version", ""));
        }
      }
      return byName(file);
    }
  }

  private static Coordinates byName(String file) {
    Matcher matcher = FILE.matcher(file);
    return Optional.of(matcher)
        .filter(Matcher::matches)
        .map(m -> new Coordinates("", m.group("name"), m.group("version")))
        .orElseGet(() -> new Coordinates("", file.replaceFirst("\\.jar$", ""), ""));
  }

  /** Its package URL. */
  String purl() {
    String start = group.isEmpty() ? "pkg:generic/" : "pkg:maven/" + Bill.encoded(group) + "/";
    String end = version.isEmpty() ? "" : "@" + Bill.encoded(version);
    return start + Bill.encoded(artifact) + end;
  }
}
