package dev.weft.cli.inject;

import dev.weft.cli.CliException;
import dev.weft.cli.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what a user names as manifests: standard input, a file, all files of a folder, a URL. */
final class InputTexts {
  private InputTexts() {}

  static List<String> read(String argument) {
    String at = argument;
    try {
      if (argument.equals("-") || argument.contains("://")) {
        return List.of(TextSource.read(argument));
      }
      List<String> texts = new ArrayList<>();
      for (Path file : files(Path.of(argument))) {
        at = file.toString();
        texts.add(TextSource.read(at));
      }
      return texts;
    } catch (IOException e) {
      throw new CliException(
          "manifests in " + at + " cannot be read",
          String.valueOf(e.getMessage()),
          "name a file, a folder, an https URL, or - for standard input");
    }
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
