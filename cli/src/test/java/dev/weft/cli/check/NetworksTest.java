package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworksTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.0.1,true",
    "10.0.0.0/8,11.0.0.1,false",
    "10.0.0.0/8,10.244.0.0/16,true",
    "10.244.0.0/16,10.0.0.0/8,false",
    "10.1.2.3/32,10.1.2.3,true",
    "0.0.0.0/0,192.0.2.1,true",
    "0.0.0.0/0,::1,false",
    "fd00::/8,fd12::1,true",
    "fd00::/7,fe00::1,false",
    "172.16.0.0/12,172.31.255.255,true",
    "172.16.0.0/12,172.32.0.0,false"
  })
  void network_containsWhatSharesItsBits(String network, String other, boolean expected) {
    assertThat(Networks.parse(List.of(network)).contain(other)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "ten/8", "::/129"})
  void network_thatIsNone_isRefused(String text) {
    assertThatThrownBy(() -> Networks.parse(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noNetworks_containNothing() {
    assertThat(Networks.parse(List.of()).contain("10.0.0.1")).isFalse();
  }
}
