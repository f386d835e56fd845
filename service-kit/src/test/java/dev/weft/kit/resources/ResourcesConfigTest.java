package dev.weft.kit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResourcesConfigTest {
  private static ResourcesConfig of(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(ResourcesConfig.class);
    values.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(ResourcesConfig.class);
  }

  @Test
  void defaults_arePinned() {
    ResourcesConfig config = of(Map.of());
    assertThat(config.directories()).isEmpty();
    assertThat(config.settle()).isEqualTo(Duration.ofMillis(50));
    assertThat(config.rescan()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.kubernetes().resync()).isEqualTo(Duration.ofHours(1));
    assertThat(config.kubernetes().watchLimit()).isEqualTo(Duration.ofMinutes(8));
    assertThat(config.kubernetes().maxBackoff()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.kubernetes().unknownKindRetry()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void directories_commaList_isRead() {
    assertThat(of(Map.of("weft.resources.directories", "/a,/b")).directories())
        .contains(List.of(Path.of("/a"), Path.of("/b")));
  }

  @Test
  void key_unknown_isRefused() {
    assertThatThrownBy(() -> of(Map.of("weft.resources.directory", "/a")))
        .hasMessageContaining("weft.resources.directory");
  }
}
