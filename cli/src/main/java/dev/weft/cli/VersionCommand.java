package dev.weft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version of this command line. */
@Command(
    name = "version",
    description = "Prints the version of this command line.",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft version --short"})
final class VersionCommand implements Runnable, IVersionProvider {
  @Option(names = "--short", description = "Print the version alone.")
  private boolean brief;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println(brief ? version() : "Client version: " + version());
  }

  @Override
  public String[] getVersion() {
    return new String[] {version()};
  }

  /** The version in the manifest of the jar, or {@code dev} when run from classes. */
  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
