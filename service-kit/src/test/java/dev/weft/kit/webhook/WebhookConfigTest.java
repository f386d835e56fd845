package dev.weft.kit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Pins the names and defaults that charts rely on. */
class WebhookConfigTest {
  @Test
  void names_arePinned() {
    assertThat(
            new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(WebhookConfig.class))
                    .keySet()))
        .containsExactly(
            "weft.webhook.drain",
            "weft.webhook.enabled",
            "weft.webhook.host",
            "weft.webhook.names",
            "weft.webhook.names[*]",
            "weft.webhook.namespace",
            "weft.webhook.port",
            "weft.webhook.replica",
            "weft.webhook.service",
            "weft.webhook.tls.check",
            "weft.webhook.tls.configuration",
            "weft.webhook.tls.configuration-kind",
            "weft.webhook.tls.directory",
            "weft.webhook.tls.lifetime",
            "weft.webhook.tls.overlap",
            "weft.webhook.tls.renew-before",
            "weft.webhook.tls.secret");
  }

  @Test
  void defaults_arePinned() {
    WebhookConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(WebhookConfig.class)
            .build()
            .getConfigMapping(WebhookConfig.class);

    assertThat(config.enabled()).isFalse();
    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.namespace()).isEqualTo("linkerd");
    assertThat(config.names()).isEmpty();
    assertThat(config.replica()).isNotEmpty();
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.tls().directory()).isEmpty();
    assertThat(config.tls().configurationKind())
        .isEqualTo(WebhookConfig.ConfigurationKind.VALIDATING);
    assertThat(config.tls().lifetime()).isEqualTo(Duration.ofDays(365));
    assertThat(config.tls().renewBefore()).isEqualTo(Duration.ofDays(120));
    assertThat(config.tls().overlap()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.tls().check()).isEqualTo(Duration.ofSeconds(5));
  }
}
