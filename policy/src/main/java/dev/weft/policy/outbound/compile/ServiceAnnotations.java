package dev.weft.policy.outbound.compile;

import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.policy.outbound.Retry;
import dev.weft.policy.outbound.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a Service say of failures, load, retries and time-outs. Each group is
 * read for itself, and one that cannot be read is as if it were not there.
 *
 * <p>Source: facts/policy.md 3.8.
 *
 * @param accrual when an endpoint is put aside; null for never
 * @param load how the load of an endpoint is estimated
 * @param retry when requests are sent again; null for never
 * @param timeouts how long requests may take
 */
record ServiceAnnotations(
    @Nullable FailureAccrual accrual,
    Backend.Load load,
    @Nullable Retry<HttpRetryOn> retry,
    Timeouts timeouts) {
  /** Nothing is said. */
  static final ServiceAnnotations NONE =
      new ServiceAnnotations(null, Backend.Load.DEFAULT, null, Timeouts.NONE);

  private static final String BALANCER = "balancer.linkerd.io/";
  private static final String ALPHA = "balancer.alpha.linkerd.io/";
  private static final String ACCRUAL = BALANCER + "failure-accrual";
  private static final String CONSECUTIVE = ACCRUAL + "-consecutive-";
  private static final String SUCCESS_RATE = ALPHA + "failure-accrual-success-rate-";
  private static final String RETRY = "retry.linkerd.io/";
  private static final String TIMEOUT = "timeout.linkerd.io/";

  private static final int MAX_MIN_REQUESTS = 1_000_000;
  private static final int MAX_RETRIES = 65_535;
  private static final long MAX_U32 = 0xffff_ffffL;
  private static final Duration MIN_WINDOW = Duration.ofMillis(10);
  private static final Duration PENALTY_DECAY = Duration.ofSeconds(10);

  /** The pauses between retries, which no annotation changes. */
  private static final Backoff RETRY_BACKOFF =
      new Backoff(Duration.ofMillis(25), Duration.ofMillis(250), 1, false);

  static ServiceAnnotations of(ObjectMeta service) {
    return new ServiceAnnotations(
        group(() -> accrual(service), null),
        group(() -> load(service), Backend.Load.DEFAULT),
        group(() -> retry(service), null),
        group(() -> timeouts(service), Timeouts.NONE));
  }

  private static <T extends @Nullable Object> T group(Supplier<T> reads, T otherwise) {
    try {
      return reads.get();
    } catch (IllegalArgumentException _) {
      return otherwise;
    }
  }

  private static <T> T read(ObjectMeta meta, String key, Function<String, T> parse, T otherwise) {
    return meta.annotation(key).map(text -> parse.apply(text.strip())).orElse(otherwise);
  }

  private static @Nullable FailureAccrual accrual(ObjectMeta meta) {
    Optional<String> mode = meta.annotation(ACCRUAL);
    if (mode.isEmpty()) {
      return null;
    }
    boolean unified =
        switch (mode.get()) {
          case "consecutive" -> false;
          case "unified" -> true;
          default -> throw new IllegalArgumentException("mode " + mode.get());
        };
    boolean honours =
        unified
            && read(
                meta, ALPHA + "failure-accrual-honor-retry-after", ServiceAnnotations::flag, false);
    var backoff =
        new Backoff(
            read(
                meta,
                CONSECUTIVE + "min-penalty",
                ServiceAnnotations::duration,
                Duration.ofSeconds(1)),
            read(
                meta,
                CONSECUTIVE + "max-penalty",
                ServiceAnnotations::duration,
                Duration.ofSeconds(60)),
            read(meta, CONSECUTIVE + "jitter-ratio", Float::parseFloat, 0.5f),
            honours);
    int maxFailures =
        (int)
            Math.min(
                Integer.MAX_VALUE,
                read(meta, CONSECUTIVE + "max-failures", text -> number(text, MAX_U32), 7L));
    if (!unified) {
      return new FailureAccrual.Consecutive(maxFailures, backoff);
    }
    double threshold = read(meta, SUCCESS_RATE + "threshold", Double::parseDouble, 0.8);
    Duration window =
        read(meta, SUCCESS_RATE + "window", ServiceAnnotations::duration, Duration.ofSeconds(10));
    long minRequests = read(meta, SUCCESS_RATE + "min-requests", text -> number(text, MAX_U32), 5L);
    boolean counts = threshold != 0;
    if (!(threshold >= 0 && threshold <= 1)
        || !window.isPositive()
        || (counts && (window.compareTo(MIN_WINDOW) < 0 || minRequests > MAX_MIN_REQUESTS))) {
      throw new IllegalArgumentException("success rate " + threshold + " within " + window);
    }
    return new FailureAccrual.Unified(
        threshold, window, (int) Math.min(MAX_MIN_REQUESTS, minRequests), maxFailures, backoff);
  }

  private static Backend.Load load(ObjectMeta meta) {
    if (!read(meta, ALPHA + "penalize-failures", ServiceAnnotations::flag, false)) {
      return Backend.Load.DEFAULT;
    }
    return new Backend.Load.PenaltyPeakEwma(
        Backend.Load.DEFAULT.defaultRtt(),
        Backend.Load.DEFAULT.decay(),
        read(meta, ALPHA + "load-biaser-penalty", ServiceAnnotations::brief, Duration.ofSeconds(5)),
        read(
            meta,
            ALPHA + "load-biaser-max-retry-after",
            ServiceAnnotations::brief,
            Duration.ofSeconds(300)),
        PENALTY_DECAY);
  }

  private static @Nullable Retry<HttpRetryOn> retry(ObjectMeta meta) {
    Optional<String> on = meta.annotation(RETRY + "http");
    long limit = read(meta, RETRY + "limit", text -> number(text, MAX_RETRIES), 0L);
    Duration timeout = read(meta, RETRY + "timeout", ServiceAnnotations::duration, Duration.ZERO);
    if (on.isEmpty() && limit == 0 && timeout.isZero()) {
      return null;
    }
    return new Retry<>(
        limit == 0 ? 1 : (int) limit,
        Retry.DEFAULT_MAX_REQUEST_BYTES,
        new HttpRetryOn(on.map(ServiceAnnotations::statuses).orElse(List.of())),
        timeout.isZero() ? null : timeout,
        RETRY_BACKOFF);
  }

  private static List<HttpRetryOn.StatusRange> statuses(String text) {
    List<HttpRetryOn.StatusRange> ranges = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      ranges.add(
          switch (item) {
            case "5xx" -> new HttpRetryOn.StatusRange(500, 599);
            case "gateway-error" -> new HttpRetryOn.StatusRange(502, 504);
            default -> range(item);
          });
    }
    return ranges;
  }

  private static HttpRetryOn.StatusRange range(String item) {
    int dash = item.indexOf('-');
    long first = number(dash < 0 ? item : item.substring(0, dash), 599);
    long last = dash < 0 ? first : number(item.substring(dash + 1), 599);
    if (first < 100) {
      throw new IllegalArgumentException("status " + item);
    }
    return new HttpRetryOn.StatusRange((int) first, (int) last);
  }

  private static Timeouts timeouts(ObjectMeta meta) {
    return new Timeouts(timeout(meta, "request"), timeout(meta, "response"), timeout(meta, "idle"));
  }

  private static @Nullable Duration timeout(ObjectMeta meta, String name) {
    Duration read = read(meta, TIMEOUT + name, ServiceAnnotations::duration, Duration.ZERO);
    return read.isZero() ? null : read;
  }

  /** An unsigned integer and one of ms, s, m, h, d; or 0. */
  static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    long number = number(text.substring(0, digits), Long.MAX_VALUE);
    try {
      Duration read =
          switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw new IllegalArgumentException("no duration: " + text);
          };
      return Duration.ofNanos(read.toNanos());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("duration out of range: " + text, e);
    }
  }

  private static Duration brief(String text) {
    Duration read = duration(text);
    if (read.toMillis() > MAX_U32) {
      throw new IllegalArgumentException("duration out of range: " + text);
    }
    return read;
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw new IllegalArgumentException("neither true nor false: " + text);
    };
  }

  private static long number(String text, long max) {
    if (text.isEmpty() || text.chars().anyMatch(c -> c < '0' || c > '9')) {
      throw new IllegalArgumentException("no number: " + text);
    }
    long number = Long.parseLong(text);
    if (number > max) {
      throw new IllegalArgumentException(number + " is above " + max);
    }
    return number;
  }
}
