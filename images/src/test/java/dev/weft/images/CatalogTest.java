package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the contract and the charts expect of images. */
final class CatalogTest {
  private static final Path PROJECT = Path.of("..");

  private static Recipe recipe(String name) {
    return Catalog.all(PROJECT).stream()
        .filter(recipe -> recipe.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void all_haveTheNamesOfTheCharts() {
    assertThat(Catalog.all(PROJECT).stream().map(Recipe::name))
        .containsExactlyInAnyOrder("identity", "destination", "policy", "injector", "proxy", "cli");
  }

  @Test
  void all_runAsTheContractsUsers() {
    assertThat(Catalog.all(PROJECT).stream().collect(Collectors.toMap(Recipe::name, Recipe::user)))
        .containsEntry("proxy", 2102)
        .containsEntry("destination", 2103)
        .doesNotContainValue(0);
  }

  @Test
  void proxy_hasTheContractsCommands() {
    assertThat(recipe("proxy").scripts().keySet())
        .contains(
            "/usr/lib/linkerd/linkerd2-proxy-init",
            "/usr/lib/linkerd/linkerd2-network-validator",
            "/usr/lib/linkerd/linkerd-await");
  }

  @Test
  void proxyInit_firstLine_fitsIntoWhatTheKernelReads() {
    String script = recipe("proxy").scripts().get("/usr/lib/linkerd/linkerd2-proxy-init");

    assertThat(script)
        .startsWith("#!/usr/lib/weft/raise/env -S /usr/lib/weft/raise/setpriv ")
        .hasSizeLessThan(256)
        .endsWith("java @/usr/lib/weft/redirect/java.args\n");
  }

  @Test
  void proxy_startsAsOnALaptop() {
    assertThat(recipe("proxy").programs().getFirst().options())
        .contains("-Xmn8m", "-Dio.netty.leakDetection.level=disabled")
        .noneMatch(option -> option.contains("#") || option.isBlank());
  }
}
