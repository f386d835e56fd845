package dev.weft.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.RateLimit;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final MockTicker ticker = Ticker.newMockTicker();

  private RateLimiter limiter(long total, long identity, RateLimit.Override... overrides) {
    PolicyRef ref = PolicyRef.of("policy.linkerd.io", "HTTPLocalRateLimitPolicy", "", "limit");
    return new RateLimiter(new RateLimit(ref, total, identity, List.of(overrides)), ticker);
  }

  private int admitted(RateLimiter limiter, String identity, int requests) {
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      if (limiter.admit(identity) == null) {
        admitted++;
      }
    }
    return admitted;
  }

  @Test
  void total_burstThenEvenRate() {
    RateLimiter limiter = limiter(10, 0);
    assertThat(admitted(limiter, "a", 20)).isEqualTo(10);
    ticker.advance(100, TimeUnit.MILLISECONDS);
    assertThat(admitted(limiter, "b", 5)).isEqualTo(1);
    ticker.advance(10, TimeUnit.SECONDS);
    assertThat(admitted(limiter, "a", 20)).as("no more than a burst is saved up").isEqualTo(10);
    assertThat(limiter.admit("a"))
        .isEqualTo(
            new RateLimiter.Excess(RateLimiter.Scope.TOTAL, "total rate limit exceeded: 10rps"));
  }

  @Test
  void identity_eachHasItsOwn_andTheAnonymousShareOne() {
    RateLimiter limiter = limiter(0, 3);
    assertThat(admitted(limiter, "a", 5)).isEqualTo(3);
    assertThat(admitted(limiter, "b", 5)).isEqualTo(3);
    assertThat(admitted(limiter, null, 5)).isEqualTo(3);
    assertThat(limiter.admit("a"))
        .isEqualTo(
            new RateLimiter.Excess(
                RateLimiter.Scope.IDENTITY, "per-identity rate limit exceeded: 3rps"));
  }

  @Test
  void override_isSharedByItsClients_andReplacesTheirOwn() {
    RateLimiter limiter = limiter(0, 1, new RateLimit.Override(4, List.of("a", "b")));
    assertThat(admitted(limiter, "a", 3)).isEqualTo(3);
    assertThat(admitted(limiter, "b", 3)).isEqualTo(1);
    assertThat(admitted(limiter, "c", 3)).isEqualTo(1);
    assertThat(limiter.admit("a").message()).isEqualTo("override rate limit exceeded: 4rps");
  }

  @Test
  void identities_beyondTheBound_shareOne() {
    RateLimiter limiter = limiter(0, 1);
    for (int i = 0; i < RateLimiter.MAX_IDENTITIES; i++) {
      assertThat(limiter.admit("id" + i)).isNull();
    }
    assertThat(limiter.admit("one more")).isNull();
    assertThat(limiter.admit("another")).isNotNull();
  }
}
