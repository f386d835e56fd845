package dev.weft.proxy.balance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint's latency is estimated: the estimate an endpoint begins with, and the time
 * constant with which old measurements fade; and whether failures count as very slow answers.
 *
 * <p>Source: contract sheet of the proxy, section 3.8.
 */
public record LoadParams(Duration defaultRtt, Duration decay, @Nullable Penalty penalty) {
  /** What applies when the policy does not say otherwise: 30 ms, fading over 10 s. */
  public static final LoadParams DEFAULT =
      new LoadParams(Duration.ofMillis(30), Duration.ofSeconds(10));

  /**
   * What a failure counts as.
   *
   * @param least the response time that is recorded for it
   * @param maxHint the longest time an endpoint may ask to be left alone
   */
  public record Penalty(Duration least, Duration maxHint) {}

  /** Failures count as what they took. */
  public LoadParams(Duration defaultRtt, Duration decay) {
    this(defaultRtt, decay, null);
  }

  /** Refuses a negative estimate and a decay which is not positive. */
  public LoadParams {
    if (defaultRtt.isNegative()) {
      throw new IllegalArgumentException("default RTT is negative: " + defaultRtt);
    }
    if (decay.isNegative() || decay.isZero()) {
      throw new IllegalArgumentException("decay is not positive: " + decay);
    }
  }
}
