package dev.weft.destination.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LookupParserTest {
  private final LookupParser parser = new LookupParser("cluster.local");

  @Test
  void path_serviceWithAndWithoutPort_isRead() {
    ServiceName api = new ServiceName("shop", "api");
    String host = "api.shop.svc.cluster.local";
    assertThat(parser.parse(host)).contains(new Lookup.OfService(api, host, 80));
    assertThat(parser.parse(host + ":8080")).contains(new Lookup.OfService(api, host, 8080));
    assertThat(parser.parse("a-0." + host + ":1")).contains(new Lookup.OfInstance(api, "a-0", 1));
  }

  @Test
  void path_address_isRead() {
    assertThat(parser.parse("10.0.0.1:25"))
        .contains(new Lookup.OfAddress(IpAddr.parse("10.0.0.1"), 25));
    assertThat(parser.parse("[fd00::1]:25"))
        .contains(new Lookup.OfAddress(IpAddr.parse("fd00::1"), 25));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "example.com:80",
        "api.shop:80",
        "api.shop.svc:80",
        "api.shop.svc.cluster.local.",
        "api.shop.SVC.cluster.local",
        "api.shop.svc.Cluster.local",
        "shop.svc.cluster.local",
        "a.b.c.d.svc.cluster.local",
        ".shop.svc.cluster.local",
        "api..svc.cluster.local",
        "api.shop.svc.cluster.local:",
        "api.shop.svc.cluster.local:0",
        "api.shop.svc.cluster.local:65536",
        "api.shop.svc.cluster.local:http",
        "fd00::1",
        "user@api.shop.svc.cluster.local"
      })
  void path_anythingElse_isRefused(String path) {
    assertThat(parser.parse(path)).isEmpty();
  }

  @Test
  void context_everyForm_isReadAndGarbageIsNobody() {
    assertThat(ClientContext.parse("{\"ns\":\"a\",\"nodeName\":\"n\",\"pod\":\"p\"}\n"))
        .isEqualTo(new ClientContext("a", "n", "p"));
    assertThat(ClientContext.parse("{\"ns\":\"a\",\"other\":1}"))
        .isEqualTo(new ClientContext("a", "", ""));
    assertThat(ClientContext.parse("ns:a")).isEqualTo(new ClientContext("a", "", ""));
    for (String garbage : new String[] {"", "{", "[]", "7", "{\"ns\":7}", "x y"}) {
      assertThat(ClientContext.parse(garbage)).isEqualTo(ClientContext.UNKNOWN);
    }
  }
}
