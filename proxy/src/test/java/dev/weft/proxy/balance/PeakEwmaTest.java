package dev.weft.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PeakEwmaTest {
  private static final long MS = 1_000_000;
  private static final LoadParams PARAMS =
      new LoadParams(Duration.ofMillis(30), Duration.ofSeconds(10));

  @Test
  void load_ofNewEndpoint_isDefaultEstimate() {
    assertThat(new PeakEwma(PARAMS, 0).load(0)).isEqualTo(30.0 * MS);
  }

  @Test
  void load_withPending_growsByOneEstimateEach() {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    load.start();
    load.start();
    assertThat(load.load(0)).isEqualTo(90.0 * MS);
    load.release();
    assertThat(load.load(0)).isEqualTo(60.0 * MS);
  }

  @Test
  void finish_slowerThanEstimate_countsInFull() {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    load.start();
    load.finish(500 * MS, 500 * MS);
    assertThat(load.estimateNanos(500 * MS)).isEqualTo(500.0 * MS);
  }

  @Test
  void finish_fasterThanEstimate_blendsByElapsedTime() {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    load.start();
    load.finish(10 * MS, 5_000 * MS);
    double kept = Math.exp(-0.5);
    assertThat(load.estimateNanos(5_000 * MS))
        .isCloseTo(30.0 * MS * kept + 10.0 * MS * (1 - kept), within(1.0));
  }

  @Test
  void estimate_leftAlone_fadesWithDecayConstant() {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    assertThat(load.estimateNanos(10_000 * MS)).isCloseTo(30.0 * MS / Math.E, within(1.0));
  }

  @Test
  void release_withNothingPending_isRefused() {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    assertThatThrownBy(load::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void clock_goingBackwards_changesNothing() {
    PeakEwma load = new PeakEwma(PARAMS, 1_000);
    assertThat(load.estimateNanos(0)).isEqualTo(30.0 * MS);
  }

  @Property
  void estimate_anyHistory_staysBetweenZeroAndPeak(
      @ForAll @Size(max = 40) List<@LongRange(min = 0, max = 60_000) Long> rttsMillis,
      @ForAll @LongRange(min = 0, max = 5_000) long stepMillis) {
    PeakEwma load = new PeakEwma(PARAMS, 0);
    double peak = 30.0 * MS;
    long now = 0;
    for (long rtt : rttsMillis) {
      now += stepMillis * MS;
      load.start();
      load.finish(rtt * MS, now);
      peak = Math.max(peak, rtt * MS);
      assertThat(load.estimateNanos(now)).isBetween(0.0, peak);
      // A peak is never hidden by the answers before it.
      assertThat(load.estimateNanos(now)).isLessThanOrEqualTo(peak);
    }
    assertThat(load.pending()).isZero();
  }

  @Property
  void estimate_readOftenOrOnce_isTheSame(
      @ForAll @Size(max = 20) List<@LongRange(min = 0, max = 3_000) Long> stepsMillis) {
    PeakEwma often = new PeakEwma(PARAMS, 0);
    PeakEwma once = new PeakEwma(PARAMS, 0);
    long now = 0;
    for (long step : stepsMillis) {
      now += step * MS;
      double ignored = often.estimateNanos(now);
      assertThat(ignored).isNotNegative();
    }
    assertThat(often.estimateNanos(now)).isCloseTo(once.estimateNanos(now), within(1.0));
  }
}
