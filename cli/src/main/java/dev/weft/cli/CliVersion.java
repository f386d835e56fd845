package dev.weft.cli;

/** The release of this command line. */
public final class CliVersion {
  private CliVersion() {}

  /**
   * The version in the manifest of the jar, without a suffix of unfinished builds, so that it is
   * the tag of the images; {@code dev} when run from classes.
   */
  public static String current() {
    String version = CliVersion.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version.replace("-SNAPSHOT", "");
  }
}
