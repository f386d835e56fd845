package dev.weft.cli.check;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How checks are shown. */
enum CheckOutput {
  TABLE,
  SHORT,
  JSON;

  static CheckOutput parse(String text, CommandSpec spec) {
    return switch (text) {
      case "table" -> TABLE;
      case "short" -> SHORT;
      case "json" -> JSON;
      default ->
          throw new ParameterException(
              spec.commandLine(), "--output " + text + " refused; choose table, short or json");
    };
  }

  CheckReport report(PrintWriter out, boolean terminal) {
    return switch (this) {
      case TABLE -> new TableReport(out, terminal, false);
      case SHORT -> new TableReport(out, terminal, true);
      case JSON -> new JsonReport(out);
    };
  }
}
