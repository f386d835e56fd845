package dev.weft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExpositionTest {
  private static final String TEXT =
      """
      # HELP a_total things
      # TYPE a_total counter
      a_total 3
      a_total{x="1",y="a\\"b\\\\c"} 4 1700000000
      h_ms_bucket{le="1"} 10
      h_ms_bucket{le="10"} 20
      h_ms_bucket{le="+Inf"} 20
      """;

  @Test
  void parse_escapedLabel_isReadBack() {
    Exposition scrape = Exposition.parse(TEXT);

    assertThat(scrape.find("a_total", Map.of("x", "1")))
        .singleElement()
        .satisfies(sample -> assertThat(sample.label("y")).isEqualTo("a\"b\\c"))
        .satisfies(sample -> assertThat(sample.value()).isEqualTo(4));
  }

  @Test
  void sum_severalSeries_addsThem() {
    assertThat(Exposition.parse(TEXT).sum("a_total", Map.of())).isEqualTo(7);
    assertThat(Exposition.parse(TEXT).sum("b_total", Map.of())).isZero();
  }

  @Test
  void quantile_withinBucket_isInterpolated() {
    Exposition scrape = Exposition.parse(TEXT);

    assertThat(scrape.quantile("h_ms", Map.of(), 0.25)).isEqualTo(0.5);
    assertThat(scrape.quantile("h_ms", Map.of(), 0.75)).isEqualTo(5.5);
  }

  @Test
  void quantile_noObservation_isNotANumber() {
    assertThat(Exposition.parse(TEXT).quantile("none", Map.of(), 0.5)).isNaN();
  }
}
