package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading the chart's values. */
class ValuesTest {
  @Test
  void keys_thatAreNotNeeded_areKeptAndNotLookedAt() {
    Values values = Values.parse("controllerReplicas: [strange]\nlinkerdVersion: 1.2.3");

    assertThat(values.linkerdVersion()).isEqualTo("1.2.3");
    assertThat(values.tree().path("controllerReplicas").get(0).asText()).isEqualTo("strange");
  }

  @Test
  void keys_thatAreMissing_haveTheContractsDefaults() {
    Values values = Values.parse("");

    assertThat(values.clusterDomain()).isEqualTo("cluster.local");
    assertThat(values.trustDomain()).isEqualTo("cluster.local");
    assertThat(values.settings().proxy().uid()).isEqualTo(2102);
    assertThat(values.settings().proxy().ports())
        .isEqualTo(new Settings.Ports(4191, 4190, 4143, 4140));
    assertThat(values.settings().proxy().lifecycle().nativeSidecar()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "proxy: 3; proxy; 3",
        "proxy: {uid: many}; proxy.uid; \"many\"",
        "proxy: {uid: 1.5}; proxy.uid; 1.5",
        "proxy: {await: 1}; proxy.await; 1",
        "proxy: {ports: {admin: [1]}}; proxy.ports.admin; a list",
        "proxy: {logLevel: {a: b}}; proxy.logLevel; an object",
        "proxy: {additionalEnv: {}}; proxy.additionalEnv; an object",
        "clusterNetworks: everywhere; clusterNetworks; everywhere",
        "identity: {serviceAccountTokenProjection: often}; identity.serviceAccountTokenProjection; \"often\""
      })
  void value_ofAnotherType_isRefusedNamingKeyAndValue(String yaml, String key, String shown) {
    assertThatThrownBy(() -> Values.parse(yaml))
        .isInstanceOf(ValuesException.class)
        .hasMessageContaining("value " + key + " refused")
        .hasMessageContaining(shown);
  }

  @Test
  void numbers_writtenAsText_areNumbers() {
    assertThat(Values.parse("proxy: {uid: '3'}").settings().proxy().uid()).isEqualTo(3);
  }

  @Test
  void configMap_withValues_isDecoded() {
    assertThat(
            Values.ofConfigMap(
                    Yaml.object("data: {values: \"linkerdVersion: 7\\nclusterDomain: x.y\\n\"}"))
                .clusterDomain())
        .isEqualTo("x.y");
  }

  @Test
  void configMap_withoutValues_isRefused() {
    assertThatThrownBy(() -> Values.ofConfigMap(Yaml.object("metadata: {name: linkerd-config}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("linkerd-config has no values");
  }
}
