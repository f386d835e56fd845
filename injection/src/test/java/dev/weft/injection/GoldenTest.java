package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Pod shapes and what becomes of them. The cases are in {@code golden/*.yaml}, see {@link
 * GoldenCase}; beside each file lies {@code *.expected}. Files of {@code base/} are written out in
 * full; of all other cases only the lines that differ from the base they name are kept, {@code -}
 * gone and {@code +} new, so that a reader sees what a shape changes.
 *
 * <p>After an intended change: {@code ./mvnw -q -pl injection test -Dtest=GoldenTest
 * -Dtest.jvm.args=-Dgolden.write=true}, then read {@code git diff
 * injection/src/test/resources/golden}.
 */
class GoldenTest {
  private static final boolean WRITE = Boolean.getBoolean("golden.write");
  private static final int FEWEST_CASES = 100;

  @Test
  void cases_areAsManyAsPromised() {
    long cases = GoldenCase.files().stream().mapToLong(file -> GoldenCase.of(file).size()).sum();

    assertThat(cases).isGreaterThanOrEqualTo(FEWEST_CASES);
  }

  @TestFactory
  Stream<DynamicTest> bases() {
    return bases(GoldenCase.FOLDER.resolve("base/bases.yaml")).entrySet().stream()
        .map(
            base ->
                DynamicTest.dynamicTest(
                    base.getKey(),
                    () ->
                        expect(
                            GoldenCase.FOLDER.resolve("base/" + base.getKey() + ".expected"),
                            String.join("\n", base.getValue()) + "\n")));
  }

  @TestFactory
  Stream<DynamicContainer> shapes() throws IOException {
    Map<String, List<String>> bases = bases(GoldenCase.FOLDER.resolve("base/bases.yaml"));
    List<DynamicContainer> containers = new ArrayList<>();
    for (Path file : GoldenCase.files()) {
      Path expectations = Path.of(file.toString().replace(".yaml", ".expected"));
      List<GoldenCase> cases = GoldenCase.of(file);
      if (WRITE) {
        StringBuilder all = new StringBuilder();
        cases.forEach(c -> all.append(section(c, bases)));
        Files.writeString(expectations, all);
      }
      Map<String, String> expected = sections(GoldenCase.read(expectations));
      assertThat(expected.keySet())
          .as("cases of %s", file)
          .containsExactlyElementsOf(cases.stream().map(GoldenCase::name).toList());
      containers.add(
          DynamicContainer.dynamicContainer(
              file.getFileName().toString(),
              cases.stream()
                  .map(
                      c ->
                          DynamicTest.dynamicTest(
                              c.name(),
                              () ->
                                  assertThat(section(c, bases))
                                      .isEqualTo(expected.get(c.name()))))));
    }
    return containers.stream();
  }

  private static Map<String, List<String>> bases(Path file) {
    Map<String, List<String>> bases = new LinkedHashMap<>();
    GoldenCase.of(file).forEach(base -> bases.put(base.name(), base.rendered()));
    return bases;
  }

  private static void expect(Path file, String text) throws IOException {
    if (WRITE) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  private static String section(GoldenCase golden, Map<String, List<String>> bases) {
    StringBuilder text = new StringBuilder("== " + golden.name() + "\n");
    List<String> base = bases.get(golden.against());
    assertThat(base).as("base %s of %s", golden.against(), golden.name()).isNotNull();
    List<String> lines = golden.rendered();
    boolean shortOutcome = !lines.getFirst().equals("patched");
    for (String line : shortOutcome ? lines : LineDiff.of(base, lines)) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static Map<String, String> sections(String text) {
    Map<String, String> sections = new LinkedHashMap<>();
    for (String section : text.split("(?m)^(?=== )", -1)) {
      if (!section.isEmpty()) {
        sections.put(section.lines().findFirst().orElseThrow().substring(3), section);
      }
    }
    return sections;
  }
}
