package dev.weft.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
  private final Metrics metrics = new Metrics(2, 10);

  @Test
  void print_prometheus_spellsCountersWhole() {
    metrics.counter("a_total", "How many.").get(metrics.loop(0), Labels.of("x", "1")).add(3);

    assertThat(metrics.print())
        .contains("# HELP a_total How many.\n# TYPE a_total counter\na_total{x=\"1\"} 3\n")
        .endsWith("# EOF\n");
  }

  @Test
  void print_openMetrics_namesFamilyWithoutTotalAndTellsUnits() {
    metrics.counter("a_bytes_total", "How \"much\".").get(metrics.loop(0), Labels.NONE).add(3);

    assertThat(metrics.print(MetricsFormat.OPEN_METRICS))
        .contains(
            "# TYPE a_bytes counter\n"
                + "# UNIT a_bytes bytes\n"
                + "# HELP a_bytes How \\\"much\\\".\n"
                + "a_bytes_total 3\n")
        .endsWith("# EOF\n");
  }

  @Test
  void print_openMetricsCounterOfOddName_isOfUnknownType() {
    metrics.counter("spans", "Spans.").get(metrics.loop(0), Labels.NONE).add(3);

    assertThat(metrics.print(MetricsFormat.OPEN_METRICS)).contains("# TYPE spans unknown\n");
  }

  @Test
  void print_cellsOfAllShards_areSummed() {
    Family<Histogram> family = metrics.seconds("t_seconds", "Time.", 0.05, 1);
    family.get(metrics.loop(0), Labels.NONE).record(TimeUnit.MILLISECONDS.toNanos(50));
    family.get(metrics.loop(1), Labels.NONE).record(TimeUnit.MILLISECONDS.toNanos(250));
    family.get(metrics.admin(), Labels.NONE).record(TimeUnit.SECONDS.toNanos(2));

    assertThat(metrics.print())
        .contains(
            "t_seconds_bucket{le=\"0.05\"} 1\n"
                + "t_seconds_bucket{le=\"1\"} 2\n"
                + "t_seconds_bucket{le=\"+Inf\"} 3\n"
                + "t_seconds_count 3\n"
                + "t_seconds_sum 2.3\n");
  }

  @Test
  void get_budgetUsedUp_countsInTheOverflowSeries() {
    Family<Counter> family = metrics.counter("a_total", "");
    for (int i = 0; i < 15; i++) {
      family.get(metrics.loop(0), Labels.of("i", Integer.toString(i))).increment();
    }

    assertThat(metrics.print())
        .contains("a_total{weft_overflow=\"true\"} 5\n")
        .contains("weft_metrics_series 10\n")
        .contains("weft_metrics_overflow_total 5\n");
  }

  @Test
  void get_histogramBeyondBudget_countsInTheOverflowSeries() {
    Family<Histogram> family = metrics.bytes("b_bytes", "", 1, 2, 3);
    family.get(metrics.loop(0), Labels.of("i", "0")).record(1);
    family.get(metrics.loop(0), Labels.of("i", "1")).record(1);

    assertThat(metrics.print())
        .contains("b_bytes_count{i=\"0\"} 1\n")
        .contains("b_bytes_count{weft_overflow=\"true\"} 1\n");
  }

  @Test
  void sweep_idleSeries_isHiddenAndReturnsWithItsValue() {
    Counter counter = metrics.counter("a_total", "").get(metrics.loop(0), Labels.NONE);
    counter.add(7);
    metrics.sweep(0, 100);
    metrics.sweep(100, 100);
    assertThat(metrics.print()).doesNotContain("a_total");

    counter.increment();
    metrics.sweep(150, 100);

    assertThat(metrics.print()).contains("a_total 8\n");
  }

  @Test
  void sweep_idleLastingSeries_staysWhileThereIsRoom() {
    metrics.counter("a_total", "").lasting().get(metrics.loop(0), Labels.NONE).add(7);
    metrics.sweep(0, 100);
    metrics.sweep(100, 100);

    assertThat(metrics.print()).contains("a_total 7\n");
  }

  @Test
  void sweep_idleLastingSeriesAndBudgetTight_isHidden() {
    Family<Counter> family = metrics.counter("a_total", "").lasting();
    List<Counter> held = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      held.add(family.get(metrics.loop(0), Labels.of("i", Integer.toString(i))));
    }
    metrics.sweep(0, 100);
    metrics.sweep(100, 100);

    assertThat(metrics.print()).doesNotContain("a_total");
    assertThat(held).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                                             | PROMETHEUS
          */*                                                    | PROMETHEUS
          application/openmetrics-text                           | OPEN_METRICS
          application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | OPEN_METRICS
          application/openmetrics-text;q=0.2, text/plain;q=0.9   | PROMETHEUS
          application/openmetrics-text;q=0                       | PROMETHEUS
          application/openmetrics-text;q=x                       | PROMETHEUS
          """)
  void accepted_ofField_isFormat(String accept, MetricsFormat format) {
    assertThat(MetricsFormat.accepted(accept)).isEqualTo(format);
  }

  @Test
  void accepted_withoutField_isPlainText() {
    assertThat(MetricsFormat.accepted(null)).isEqualTo(MetricsFormat.PROMETHEUS);
  }
}
