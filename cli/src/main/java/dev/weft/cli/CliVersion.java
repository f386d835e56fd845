package dev.weft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The release of this command line. */
public final class CliVersion {
  /** What Maven leaves in a jar. The manifest says it too, but a native image keeps none. */
  private static final String RESOURCE = "/META-INF/maven/dev.weft/weft-cli/pom.properties";

  private CliVersion() {}

  /**
   * The version in the jar, without a suffix of unfinished builds, so that it is the tag of the
   * images; {@code dev} when run from classes.
   */
  public static String current() {
    try (InputStream in = CliVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        return "dev";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version").replace("-SNAPSHOT", "");
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }
}
