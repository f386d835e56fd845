package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.HttpRetryOn.StatusRange;
import dev.weft.proxy.http.HeaderBlock;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RequestOverridesTest {
  private static final long MILLI = 1_000_000L;
  private static final Conduct RULE = new Conduct(9_000 * MILLI, 0, 5, 0, null, true);
  private final HeaderBlock headers = new HeaderBlock();

  private RequestOverridesTest with(String name, String value) {
    headers.add(AsciiString.of(name), AsciiString.of(value));
    return this;
  }

  private Conduct apply(Conduct rule) {
    return RequestOverrides.apply(rule, headers);
  }

  @Test
  void noHeaders_keepTheRule() {
    assertThat(with("accept", "*/*").apply(RULE)).isSameAs(RULE);
    assertThat(headers.size()).isEqualTo(1);
  }

  @Test
  void timeouts_overrideFieldByField_andAreStripped() {
    Conduct made = with("l5d-timeout", "1s").with("l5d-response-timeout", "20ms").apply(RULE);
    assertThat(made).isEqualTo(new Conduct(1_000 * MILLI, 20 * MILLI, 5, 0, null, true));
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void requestTimeout_winsOverItsOldName() {
    Conduct made = with("l5d-timeout", "1s").with("l5d-request-timeout", "2s").apply(RULE);
    assertThat(made.requestNanos()).isEqualTo(2_000 * MILLI);
  }

  @Test
  void unreadableValues_overrideNothing() {
    assertThat(with("l5d-timeout", "1.5s").with("l5d-response-timeout", "soon").apply(RULE))
        .isSameAs(RULE);
    assertThat(RequestOverrides.nanos("99999999999d", 7)).isEqualTo(7);
    assertThat(RequestOverrides.nanos("-1s", 7)).isEqualTo(7);
    assertThat(RequestOverrides.nanos("", 7)).isEqualTo(7);
  }

  @Test
  void retryHeaders_withoutRule_bringTheirDefaults() {
    RetryRule made = with("l5d-retry-http", "5xx").apply(RULE).retry();
    assertThat(made).isNotNull();
    assertThat(made.maxRetries()).isEqualTo(1);
    assertThat(made.maxRequestBytes()).isEqualTo(65_536);
    assertThat(made.backoff()).isEqualTo(RetryRule.BY_HEADERS.backoff());
    assertThat(made.on().status(503)).isTrue();
    assertThat(made.on().status(404)).isFalse();
  }

  @Test
  void retryHeaders_withRule_overrideFieldByField() {
    RetryOn on = new RetryOn.Listed(new HttpRetryOn(List.of(new StatusRange(500, 500))), null);
    RetryRule rule = new RetryRule(3, 100, on, 7, null, null);
    Conduct conduct = new Conduct(0, 0, 0, 0, rule, true);
    RetryRule made =
        with("l5d-retry-limit", "5")
            .with("l5d-retry-timeout", "30ms")
            .with("l5d-retry-grpc", "unavailable")
            .apply(conduct)
            .retry();
    assertThat(made.maxRetries()).isEqualTo(5);
    assertThat(made.maxRequestBytes()).isEqualTo(100);
    assertThat(made.headNanos()).isEqualTo(30 * MILLI);
    assertThat(made.on().status(500)).isTrue();
    assertThat(made.on().code(14)).isTrue();
    assertThat(made.backoff()).isNull();
  }

  @Test
  void statuses_areListed() {
    assertThat(RequestOverrides.statuses("gateway-error, 429,500-501"))
        .isEqualTo(
            new HttpRetryOn(
                List.of(
                    new StatusRange(502, 504),
                    new StatusRange(429, 429),
                    new StatusRange(500, 501))));
    assertThat(RequestOverrides.statuses("502,often")).isNull();
    assertThat(RequestOverrides.statuses("600")).isNull();
    assertThat(RequestOverrides.statuses("504-502")).isNull();
  }

  @Test
  void codes_areListed() {
    assertThat(RequestOverrides.codes("cancelled,deadline-exceeded"))
        .isEqualTo(
            new GrpcRetryOn(
                Set.of(GrpcRetryOn.Code.CANCELLED, GrpcRetryOn.Code.DEADLINE_EXCEEDED)));
    assertThat(RequestOverrides.codes("unknown")).isNull();
  }
}
