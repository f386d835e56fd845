package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How patient a rule is with its requests: how long they may take, and when they are sent again. 0
 * is without end. Immutable.
 *
 * <p>Source: facts/proxy.md 3.15.
 *
 * @param requestNanos the whole stream, retries included
 * @param responseNanos of one attempt: from the end of the request, or the head of the response if
 *     that is earlier, to the end of the response
 * @param idleNanos without a byte in either direction
 * @param profileNanos until the head of the response, retries included; afterwards the client's
 *     connection is closed
 * @param retry null for never
 * @param obeysHeaders whether {@code l5d-retry-*} and {@code l5d-*timeout} headers override all
 *     this
 */
record Conduct(
    long requestNanos,
    long responseNanos,
    long idleNanos,
    long profileNanos,
    @Nullable RetryRule retry,
    boolean obeysHeaders) {
  /** As long as it takes, once. */
  static final Conduct PATIENT = new Conduct(0, 0, 0, 0, null, false);

  static Conduct of(Timeouts timeouts, @Nullable RetryRule retry, boolean obeysHeaders) {
    Conduct made =
        new Conduct(
            nanos(timeouts.request()),
            nanos(timeouts.response()),
            nanos(timeouts.idle()),
            0,
            retry,
            obeysHeaders);
    return made.equals(PATIENT) ? PATIENT : made;
  }

  /** Whether any clock runs. */
  boolean isTimed() {
    return requestNanos > 0
        || responseNanos > 0
        || idleNanos > 0
        || profileNanos > 0
        || (retry != null && retry.headNanos() > 0);
  }

  private static long nanos(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toNanos();
  }
}
