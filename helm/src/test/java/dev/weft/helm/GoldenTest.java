package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the charts render by default, as files to look at when a template changes. They are written
 * anew with {@code -Dgolden.update=true}.
 */
final class GoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @EnumSource
  void rendering_byDefault_isTheGoldenFile(Chart chart) throws IOException {
    Path golden = FOLDER.resolve(chart.chartName() + ".yaml");
    String rendered =
        Charts.render(
                chart,
                switch (chart) {
                  case CRDS -> Rendering.of("linkerd");
                  case CONTROL_PLANE -> Samples.DEFAULT;
                })
            .stream()
            .map(manifest -> "---\n# " + manifest.source() + "\n" + manifest.yaml())
            .collect(Collectors.joining());
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, rendered);
    }
    assertThat(rendered)
        .as("if the change is meant: -Dgolden.update=true writes %s anew", golden)
        .isEqualTo(Files.readString(golden));
  }
}
