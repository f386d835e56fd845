package dev.weft.cli.install;

import dev.weft.injection.Yaml;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;

/** How manifests are printed. */
public final class ManifestOutput {
  private enum Format {
    YAML,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "yaml or json. Default: yaml.")
  private Format format = Format.YAML;

  /** Prints objects: YAML documents behind separators, or one JSON object a line. */
  public void print(PrintWriter out, List<String> yamlObjects) {
    for (String yaml : yamlObjects) {
      switch (format) {
        case YAML -> {
          out.println("---");
          out.print(yaml);
        }
        case JSON -> out.println(Yaml.object(yaml));
      }
    }
    out.flush();
  }

  /** Whether JSON was asked for. */
  public boolean json() {
    return format == Format.JSON;
  }
}
