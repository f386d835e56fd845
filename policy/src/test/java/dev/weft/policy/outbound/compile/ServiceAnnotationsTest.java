package dev.weft.policy.outbound.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.HttpRetryOn.StatusRange;
import dev.weft.policy.outbound.Timeouts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceAnnotationsTest {
  private final Map<String, String> annotations = new HashMap<>();

  private ServiceAnnotationsTest with(String key, String value) {
    annotations.put(key, value);
    return this;
  }

  private ServiceAnnotations read() {
    return ServiceAnnotations.of(ObjectMeta.of("shop", "api").withAnnotations(annotations));
  }

  private static Backoff backoff(long minSeconds, long maxSeconds, float jitter, boolean hint) {
    return new Backoff(
        Duration.ofSeconds(minSeconds), Duration.ofSeconds(maxSeconds), jitter, hint);
  }

  @Test
  void nothing_saysNothing() {
    assertThat(read()).isEqualTo(ServiceAnnotations.NONE);
  }

  @Test
  void consecutiveAccrual_withoutParameters_hasDefaults() {
    assertThat(with("balancer.linkerd.io/failure-accrual", "consecutive").read().accrual())
        .isEqualTo(new FailureAccrual.Consecutive(7, backoff(1, 60, 0.5f, false)));
  }

  @Test
  void consecutiveAccrual_takesAllParameters() {
    with("balancer.linkerd.io/failure-accrual", "consecutive")
        .with("balancer.linkerd.io/failure-accrual-consecutive-max-failures", "3")
        .with("balancer.linkerd.io/failure-accrual-consecutive-min-penalty", "5s")
        .with("balancer.linkerd.io/failure-accrual-consecutive-max-penalty", "2m")
        .with("balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio", "1.5")
        .with("balancer.alpha.linkerd.io/failure-accrual-honor-retry-after", "true");
    assertThat(read().accrual())
        .isEqualTo(new FailureAccrual.Consecutive(3, backoff(5, 120, 1.5f, false)));
  }

  @Test
  void unifiedAccrual_hasDefaultsAndHonoursHints() {
    with("balancer.linkerd.io/failure-accrual", "unified")
        .with("balancer.alpha.linkerd.io/failure-accrual-honor-retry-after", "true");
    assertThat(read().accrual())
        .isEqualTo(
            new FailureAccrual.Unified(
                0.8, Duration.ofSeconds(10), 5, 7, backoff(1, 60, 0.5f, true)));
  }

  @ParameterizedTest
  @CsvSource({
    "balancer.linkerd.io/failure-accrual, sometimes",
    "balancer.linkerd.io/failure-accrual-consecutive-max-failures, many",
    "balancer.linkerd.io/failure-accrual-consecutive-min-penalty, 61s",
    "balancer.linkerd.io/failure-accrual-consecutive-max-penalty, 1.5s",
    "balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio, 101",
    "balancer.alpha.linkerd.io/failure-accrual-success-rate-threshold, 2",
    "balancer.alpha.linkerd.io/failure-accrual-success-rate-window, 1ms",
  })
  void unreadableAccrual_isNone_andLeavesTheOtherGroups(String key, String value) {
    with("balancer.linkerd.io/failure-accrual", "unified")
        .with("timeout.linkerd.io/request", "1s")
        .with(key, value);
    assertThat(read().accrual()).isNull();
    assertThat(read().timeouts()).isEqualTo(new Timeouts(Duration.ofSeconds(1), null, null));
  }

  @Test
  void penalties_areOffUnlessAskedFor() {
    with("balancer.alpha.linkerd.io/load-biaser-penalty", "9s");
    assertThat(read().load()).isEqualTo(Backend.Load.DEFAULT);
    with("balancer.alpha.linkerd.io/penalize-failures", "1");
    assertThat(read().load())
        .isEqualTo(
            new Backend.Load.PenaltyPeakEwma(
                Duration.ofMillis(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(9),
                Duration.ofSeconds(300),
                Duration.ofSeconds(10)));
  }

  @Test
  void retry_takesStatusesLimitAndTimeout() {
    with("retry.linkerd.io/http", "gateway-error,429,500-501")
        .with("retry.linkerd.io/limit", "2")
        .with("retry.linkerd.io/timeout", "400ms");
    var retry = read().retry();
    assertThat(retry.on().statuses())
        .containsExactly(
            new StatusRange(502, 504), new StatusRange(429, 429), new StatusRange(500, 501));
    assertThat(retry.maxRetries()).isEqualTo(2);
    assertThat(retry.timeout()).isEqualTo(Duration.ofMillis(400));
    assertThat(retry.maxRequestBytes()).isEqualTo(65_536);
  }

  @Test
  void retry_byLimitAlone_hasNoStatuses() {
    assertThat(with("retry.linkerd.io/limit", "3").read().retry().on().statuses()).isEmpty();
    assertThat(with("retry.linkerd.io/limit", "0").read().retry()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"5xx; 404", "600", "99", "504-502", "'5xx, 404'"})
  void unreadableStatuses_areNoRetry(String statuses) {
    assertThat(with("retry.linkerd.io/http", statuses).read().retry()).isNull();
  }

  @Test
  void timeouts_ofZero_areNone() {
    with("timeout.linkerd.io/request", "0").with("timeout.linkerd.io/idle", " 3m ");
    assertThat(read().timeouts()).isEqualTo(new Timeouts(null, null, Duration.ofMinutes(3)));
  }

  @Test
  void timeouts_oneUnreadable_areNone() {
    with("timeout.linkerd.io/request", "1s").with("timeout.linkerd.io/idle", "1m30s");
    assertThat(read().timeouts()).isEqualTo(Timeouts.NONE);
  }
}
