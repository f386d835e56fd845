package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.PortSet;
import dev.weft.policy.inbound.compile.InboundSettings;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pins the names and defaults that operators write into manifests. */
class PolicyConfigTest {
  @Test
  void names_arePinned() {
    assertThat(
            new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(PolicyConfig.class)).keySet()))
        .containsExactly(
            "weft.policy.cluster-domain",
            "weft.policy.cluster-networks",
            "weft.policy.cluster-networks[*]",
            "weft.policy.control-plane-namespace",
            "weft.policy.default-opaque-ports",
            "weft.policy.default-policy",
            "weft.policy.identity-domain",
            "weft.policy.named-service-must-exist",
            "weft.policy.probe-networks",
            "weft.policy.probe-networks[*]",
            "weft.policy.route-acceptance");
  }

  @Test
  void defaults_arePinned() {
    PolicyConfig config = config(Map.of());

    assertThat(config.defaultPolicy()).isEqualTo(DefaultInboundPolicy.ALL_UNAUTHENTICATED);
    assertThat(config.clusterNetworks())
        .isEqualTo(
            Stream.of("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8")
                .map(Cidr::parse)
                .toList());
    assertThat(config.probeNetworks()).isEmpty();
    assertThat(config.clusterDomain()).isEqualTo("cluster.local");
    assertThat(config.identityDomain()).isEqualTo("cluster.local");
    assertThat(config.controlPlaneNamespace()).isEqualTo("linkerd");
    assertThat(config.defaultOpaquePorts()).isEqualTo(PortSet.DEFAULT_OPAQUE);
    assertThat(config.namedServiceMustExist()).isTrue();
    assertThat(config.routeAcceptance()).isEqualTo(PolicyConfig.RouteAcceptance.AUTO);
  }

  @Test
  void values_areReadInTheirOwnSyntax() {
    PolicyConfig config =
        config(
            Map.of(
                "weft.policy.default-policy", "cluster-authenticated",
                "weft.policy.cluster-networks", "127.0.0.0/8",
                "weft.policy.probe-networks", "0.0.0.0/0, ::/0",
                "weft.policy.default-opaque-ports", "25,1000-2000"));

    assertThat(config.defaultPolicy()).isEqualTo(DefaultInboundPolicy.CLUSTER_AUTHENTICATED);
    assertThat(config.clusterNetworks()).containsExactly(Cidr.parse("127.0.0.0/8"));
    assertThat(config.probeNetworks()).contains(List.of(Cidr.ALL_V4, Cidr.ALL_V6));
    assertThat(config.defaultOpaquePorts())
        .isEqualTo(PortSet.parseStrict("25,1000-2000").orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "weft.policy.default-policy, allow",
    "weft.policy.cluster-networks, everywhere",
    "weft.policy.default-opaque-ports, mysql",
    "weft.policy.cluster-domain, .local.",
    "weft.policy.identity-domain, UPPER"
  })
  void values_thatMakeNoSense_endTheStart(String key, String value) {
    assertThatThrownBy(() -> PolicySettings.of(config(Map.of(key, value)), false))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining(value);
  }

  @ParameterizedTest
  @CsvSource({
    "auto,   true,  SPEC",
    "auto,   false, STATUS",
    "status, true,  STATUS",
    "spec,   false, SPEC"
  })
  void acceptance_followsTheSourceUnlessSaid(
      String configured, boolean directories, InboundSettings.Acceptance expected) {
    PolicyConfig config = config(Map.of("weft.policy.route-acceptance", configured));

    assertThat(PolicySettings.of(config, directories).inbound().acceptance()).isEqualTo(expected);
  }

  private static PolicyConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withMapping(PolicyConfig.class)
        .withSources(new PropertiesConfigSource(values, "test", 500))
        .build()
        .getConfigMapping(PolicyConfig.class);
  }
}
