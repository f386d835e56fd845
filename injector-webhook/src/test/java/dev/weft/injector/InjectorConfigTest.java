package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Pins the names and defaults that charts rely on. */
class InjectorConfigTest {
  @Test
  void names_arePinned() {
    assertThat(
            new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(InjectorConfig.class))
                    .keySet()))
        .containsExactly(
            "weft.injector.control-plane-namespace",
            "weft.injector.lookup-wait",
            "weft.injector.trust-anchors",
            "weft.injector.values");
  }

  @Test
  void defaults_arePinned() {
    InjectorConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(InjectorConfig.class)
            .build()
            .getConfigMapping(InjectorConfig.class);

    assertThat(config.controlPlaneNamespace()).isEqualTo("linkerd");
    assertThat(config.values()).isEqualTo(Path.of("/var/run/linkerd/config/values"));
    assertThat(config.trustAnchors())
        .isEqualTo(Path.of("/var/run/linkerd/identity/trust-roots/ca-bundle.crt"));
    assertThat(config.lookupWait()).isEqualTo(Duration.ofSeconds(1));
  }
}
