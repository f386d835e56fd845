package dev.weft.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class ReadmeTest {
  @ParameterizedTest
  @EnumSource
  void readme_ofEachChart_namesEveryValue(Chart chart) throws IOException {
    String readme = Files.readString(Path.of(chart.chartName(), "README.md"));
    Load load = new Load(LoadSettings.builder().build());

    assertThat(((Map<?, ?>) load.loadFromString(Charts.defaults(chart))).keySet())
        .allSatisfy(key -> assertThat(readme).containsPattern("\\| `" + key + "[`.]"));
  }
}
