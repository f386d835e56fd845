package dev.weft.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsSuffixesTest {

  @ParameterizedTest
  @CsvSource({
    "svc.cluster.local., web.shop.svc.cluster.local, true",
    "svc.cluster.local., web.shop.SVC.cluster.local., true",
    "svc.cluster.local, svc.cluster.local, true",
    "svc.cluster.local, xsvc.cluster.local, false",
    "svc.cluster.local, cluster.local, false",
    "., example.org, true",
  })
  void matches_name_whenItLiesUnderSuffix(String suffix, String name, boolean expected) {
    assertThat(new DnsSuffixes(List.of(suffix)).matches(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"example.org", "."})
  void matches_noSuffixes_matchNothing(String name) {
    assertThat(DnsSuffixes.NONE.matches(name)).isFalse();
  }
}
