package dev.weft.cli.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.Weft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code inject} and {@code uninject} make of manifests: {@code NAME.yaml}, with flags in its
 * first line, becomes {@code NAME.injected.yaml}, and that {@code NAME.uninjected.yaml}, with the
 * reports behind them. {@code -Dgolden.write=true} writes them anew.
 */
final class GoldenManifestsTest {
  private static final Path FOLDER = Path.of("src/test/resources/inject");
  private static final String FLAGS = "# inject";
  private static final String REPORT = "# report\n";

  @TempDir private Path directory;

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .filter(name -> !name.contains("."))
          .sorted()
          .toList();
    }
  }

  private static List<String> flags(String input) {
    String first = input.lines().findFirst().orElse("");
    List<String> words = new ArrayList<>(List.of("inject", "--ignore-cluster"));
    if (first.startsWith(FLAGS)) {
      Stream.of(first.substring(FLAGS.length()).split(" "))
          .filter(word -> !word.isEmpty())
          .forEach(words::add);
    }
    return words;
  }

  private Weft run(List<String> words, String input) throws IOException {
    List<String> all = new ArrayList<>(words);
    all.add(Files.writeString(directory.resolve("in.yaml"), input).toString());
    return Weft.run(all.toArray(new String[0]));
  }

  private static String shown(Weft weft) {
    StringBuilder report = new StringBuilder();
    weft.err()
        .lines()
        .forEach(line -> report.append("#").append(line.isEmpty() ? "" : " " + line).append('\n'));
    return weft.out() + REPORT + report + "# code " + weft.code() + "\n";
  }

  private static void compare(String file, String actual) throws IOException {
    Path golden = FOLDER.resolve(file);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @MethodSource("names")
  void manifest_injected_isTheGoldenOne(String name) throws IOException {
    String input = Files.readString(FOLDER.resolve(name + ".yaml"));

    compare(name + ".injected.yaml", shown(run(flags(input), input)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void manifest_injectedAndUninjected_isTheGoldenOne(String name) throws IOException {
    String input = Files.readString(FOLDER.resolve(name + ".yaml"));
    Weft injected = run(flags(input), input);

    compare(
        name + ".uninjected.yaml",
        shown(run(List.of("uninject"), injected.out().isEmpty() ? input : injected.out())));
  }

  @ParameterizedTest
  @MethodSource("names")
  void manifest_injectedTwice_isInjectedOnce(String name) throws IOException {
    String input = Files.readString(FOLDER.resolve(name + ".yaml"));
    Weft once = run(flags(input), input);

    if (once.code() == 0) {
      assertThat(run(flags(input), once.out())).isEqualTo(once);
    }
  }
}
