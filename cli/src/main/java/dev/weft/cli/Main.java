package dev.weft.cli;

import dev.weft.cli.kube.ClusterException;
import picocli.CommandLine;

/** Entry point. Exit codes: 0 done, 1 failed or wrongly called, otherwise that of a child. */
public final class Main {
  private static final int HELP_WIDTH = 100;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The whole command line, for programs and tests that run commands in their own process. */
  public static CommandLine commandLine() {
    return new CommandLine(new WeftCommand())
        .setExecutionExceptionHandler(Main::report)
        .setUsageHelpWidth(HELP_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // Everything behind the first positional parameter of `run` belongs to the child.
        .setStopAtPositional(false);
  }

  private static int report(
      Exception error, CommandLine command, CommandLine.ParseResult parseResult) throws Exception {
    if (error instanceof CliException) {
      command.getErr().println("weft: " + error.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (error instanceof ClusterException) {
      command.getErr().println("weft: " + error.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw error;
  }
}
