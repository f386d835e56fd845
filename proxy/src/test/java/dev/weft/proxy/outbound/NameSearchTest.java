package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.config.DnsSuffixes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameSearchTest {
  private final NameSearch search =
      new NameSearch("shop", new DnsSuffixes(List.of("svc.cluster.local.")));

  @ParameterizedTest
  @CsvSource({
    "api, api.shop.svc.cluster.local",
    "API, api.shop.svc.cluster.local",
    "api.pay, api.pay.svc.cluster.local",
    "api.pay.svc, api.pay.svc.cluster.local",
    "api.pay.svc.cluster.local, api.pay.svc.cluster.local",
    "api.pay.svc.cluster.local., api.pay.svc.cluster.local"
  })
  void spokenName_meansAService(String spoken, String meant) {
    assertThat(search.candidates(spoken)).containsExactly(meant);
  }

  @Test
  void externalName_meansNoService() {
    assertThat(search.candidates("www.example.com")).isEmpty();
    assertThat(search.candidates("api.")).isEmpty();
  }

  @Test
  void singleLabel_withoutOwnNamespace_meansNoService() {
    NameSearch homeless = new NameSearch(null, new DnsSuffixes(List.of("svc.cluster.local.")));
    assertThat(homeless.candidates("api")).isEmpty();
  }

  @Test
  void suffixForEverything_asksForEveryName() {
    NameSearch all = new NameSearch("shop", new DnsSuffixes(List.of(".")));
    assertThat(all.candidates("www.example.com")).containsExactly("www.example.com");
    assertThat(all.isOurs("www.example.com")).isFalse();
  }
}
