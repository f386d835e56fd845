package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.CliException;
import dev.weft.cli.Terminal;
import dev.weft.injection.Yaml;
import java.io.PrintWriter;

/**
 * One run of a transformation over what a user named.
 *
 * @param argument file, folder, URL or {@code -}
 * @param json whether to write JSON, one object a line
 * @param verbose whether to report what is well, too
 */
record TransformRun(String argument, boolean json, boolean verbose) {
  /**
   * @return the exit code
   */
  int run(Transformation transformation, PrintWriter out, PrintWriter err) {
    ManifestStream stream;
    try {
      stream = ManifestStream.through(InputTexts.read(argument), transformation);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "manifests in " + argument + " cannot be used",
          String.valueOf(e.getMessage()),
          "give Kubernetes objects as YAML or JSON");
    }
    if (!stream.refused()) {
      for (JsonNode document : stream.documents()) {
        if (json) {
          out.println(document);
        } else {
          out.print(Yaml.write(document));
          out.println("---");
        }
      }
      out.flush();
    }
    new ReportPrinter(Terminal.coloured(), verbose).print(stream.reports(), err);
    return stream.refused() ? 1 : 0;
  }
}
