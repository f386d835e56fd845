package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DestinationConfigTest {
  private static DestinationConfig of(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(DestinationConfig.class);
    values.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(DestinationConfig.class);
  }

  @Test
  void defaults_arePinned() {
    DestinationConfig config = of(Map.of());
    assertThat(config.controlPlaneNamespace()).isEqualTo("linkerd");
    assertThat(config.trustDomain()).isEqualTo("cluster.local");
    assertThat(config.clusterDomain()).isEqualTo("cluster.local");
    assertThat(config.defaultOpaquePorts()).isEqualTo("25,587,3306,4444,5432,6379,9300,11211");
    assertThat(config.enableH2Upgrade()).isTrue();
    assertThat(config.outboundTransportMode())
        .isEqualTo(DestinationConfig.OutboundTransportMode.TRANSPORT_HEADER);
    assertThat(config.enableIpv6()).isTrue();
    assertThat(config.meshedHttp2().keepAliveInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.meshedHttp2().keepAliveTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.meshedHttp2().keepAliveWhileIdle()).isTrue();
  }

  @Test
  void key_unknown_isRefused() {
    assertThatThrownBy(() -> of(Map.of("weft.destination.trust-domian", "x")))
        .hasMessageContaining("trust-domian");
  }
}
