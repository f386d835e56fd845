package dev.weft.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.identity.IdentityConfig.AttestorKind;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Pins the names and defaults that operators write into manifests. */
class IdentityConfigTest {
  @Test
  void names_arePinned() {
    assertThat(
            new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(IdentityConfig.class))
                    .keySet()))
        .containsExactly(
            "weft.identity.attestor",
            "weft.identity.clock-skew-allowance",
            "weft.identity.controller-namespace",
            "weft.identity.issuance-lifetime",
            "weft.identity.issuer.directory",
            "weft.identity.issuer.poll-interval",
            "weft.identity.issuer.scheme",
            "weft.identity.jwks.audience",
            "weft.identity.jwks.clock-skew",
            "weft.identity.jwks.issuer",
            "weft.identity.jwks.location",
            "weft.identity.jwks.refresh-interval",
            "weft.identity.standalone-directory",
            "weft.identity.trust-anchors-file",
            "weft.identity.trust-domain");
  }

  @Test
  void defaults_arePinned() {
    IdentityConfig config = config(Map.of());
    assertThat(config.controllerNamespace()).isEqualTo("linkerd");
    assertThat(config.trustDomain()).isEqualTo("cluster.local");
    assertThat(config.issuanceLifetime()).isEqualTo(Duration.ofHours(24));
    assertThat(config.clockSkewAllowance()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.trustAnchorsFile())
        .isEqualTo(Path.of("/var/run/linkerd/identity/trust-roots/ca-bundle.crt"));
    assertThat(config.standaloneDirectory()).isEmpty();
    assertThat(config.issuer().directory()).isEqualTo(Path.of("/var/run/linkerd/identity/issuer"));
    assertThat(config.issuer().scheme()).isEqualTo("auto");
    assertThat(config.issuer().pollInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.attestor()).isEqualTo(AttestorKind.AUTO);
    assertThat(config.jwks().location()).isEmpty();
    assertThat(config.jwks().issuer()).isEqualTo("weft-standalone");
    assertThat(config.jwks().audience()).isEqualTo("identity.l5d.io");
    assertThat(config.jwks().refreshInterval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.jwks().clockSkew()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void key_unknown_failsTheStartNamingIt() {
    assertThatThrownBy(() -> config(Map.of("weft.identity.trust-domian", "example.org")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("weft.identity.trust-domian");
  }

  @Test
  void settings_standaloneDirectory_replacesFilesAndAttestor() {
    IdentitySettings settings =
        IdentitySettings.of(config(Map.of("weft.identity.standalone-directory", "/state")));
    assertThat(settings.trustAnchors()).isEqualTo(Path.of("/state/trust-anchors.pem"));
    assertThat(settings.issuerDirectory()).isEqualTo(Path.of("/state/issuer"));
    assertThat(settings.keySet()).contains("/state/tokens/jwks.json");
  }

  @Test
  void settings_inACluster_askTheApiServer() {
    assertThat(IdentitySettings.of(config(Map.of())).keySet()).isEmpty();
  }

  @Test
  void settings_jwksWithoutKeys_areRefusedWithTheFix() {
    assertThatThrownBy(() -> IdentitySettings.of(config(Map.of("weft.identity.attestor", "jwks"))))
        .hasMessageContaining("weft.identity.attestor=JWKS refused")
        .hasMessageContaining("fix: set weft.identity.jwks.location");
  }

  @Test
  void settings_intervalOutOfRange_isRefusedWithTheRange() {
    assertThatThrownBy(
            () ->
                IdentitySettings.of(
                    config(Map.of("weft.identity.issuer.poll-interval", "PT0.001S"))))
        .hasMessageContaining("weft.identity.issuer.poll-interval=PT0.001S refused")
        .hasMessageContaining("outside PT0.1S to PT1H");
  }

  private static IdentityConfig config(Map<String, String> values) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(IdentityConfig.class)
            .withSources(new PropertiesConfigSource(values, "test", 100))
            .build();
    return config.getConfigMapping(IdentityConfig.class);
  }
}
