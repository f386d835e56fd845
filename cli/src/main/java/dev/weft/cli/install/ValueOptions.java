package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.TextSource;
import dev.weft.injection.Yaml;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Values given as Helm takes them. */
public final class ValueOptions {
  @ArgGroup(exclusive = false, heading = "%nChart values:%n", order = 90)
  private Given given = new Given();

  private static final class Given {
    @Option(
        names = {"-f", "--values"},
        paramLabel = "FILE|URL",
        description = "Values from YAML; may be repeated, later ones win.")
    private List<String> files = List.of();

    @Option(
        names = "--set",
        paramLabel = "PATH=VALUE",
        description = "One or more values, like a.b=1,c={x,y}; may be repeated.")
    private List<String> sets = List.of();

    @Option(names = "--set-string", paramLabel = "PATH=TEXT", description = "As --set, for texts.")
    private List<String> texts = List.of();

    @Option(
        names = "--set-file",
        paramLabel = "PATH=FILE",
        description = "A value that is the content of a file.")
    private List<String> contents = List.of();
  }

  /** Lays the values over a tree. */
  void applyTo(ObjectNode values) {
    for (String file : given.files) {
      ValueTree.merge(values, parse(file));
    }
    try {
      given.sets.forEach(expression -> SetExpression.apply(values, expression));
      given.texts.forEach(expression -> SetExpression.applyTexts(values, expression));
      given.contents.forEach(expression -> content(values, expression));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "a value cannot be set", String.valueOf(e.getMessage()), "write it as PATH=VALUE");
    }
  }

  private static void content(ObjectNode values, String expression) {
    int equals = expression.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("'" + expression + "' names no file");
    }
    SetExpression.applyText(
        values, expression.substring(0, equals), read(expression.substring(equals + 1)));
  }

  private static ObjectNode parse(String file) {
    try {
      return Yaml.object(read(file));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "values in " + file + " cannot be used",
          String.valueOf(e.getMessage()),
          "give one YAML object");
    }
  }

  private static String read(String file) {
    try {
      return TextSource.read(file);
    } catch (IOException e) {
      throw new CliException(
          file + " cannot be read", String.valueOf(e.getMessage()), "name a file or an https URL");
    }
  }
}
