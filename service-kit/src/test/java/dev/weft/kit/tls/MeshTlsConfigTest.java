package dev.weft.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Pins the names and defaults that operators write into manifests. */
class MeshTlsConfigTest {
  @Test
  void names_arePinned() {
    assertThat(
            new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(MeshTlsConfig.class))
                    .keySet()))
        .containsExactly(
            "weft.grpc.tls.enabled",
            "weft.grpc.tls.identity",
            "weft.grpc.tls.identity-service",
            "weft.grpc.tls.identity-service-name",
            "weft.grpc.tls.token-file",
            "weft.grpc.tls.trust-anchors");
  }

  @Test
  void defaults_arePinned() {
    MeshTlsConfig config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(MeshTlsConfig.class)
            .build()
            .getConfigMapping(MeshTlsConfig.class);
    assertThat(config.enabled()).isFalse();
    assertThat(config.identity()).isEmpty();
    assertThat(config.identityService()).isEmpty();
    assertThat(config.identityServiceName())
        .isEqualTo("linkerd-identity.linkerd.serviceaccount.identity.linkerd.cluster.local");
    assertThat(config.tokenFile())
        .isEqualTo(Path.of("/var/run/secrets/tokens/linkerd-identity-token"));
    assertThat(config.trustAnchors())
        .isEqualTo(Path.of("/var/run/linkerd/identity/trust-roots/ca-bundle.crt"));
  }
}
