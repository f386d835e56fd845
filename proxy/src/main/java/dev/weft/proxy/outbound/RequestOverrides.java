package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.GrpcRetryOn;
import dev.weft.policy.outbound.HttpRetryOn;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code l5d-*} headers by which a request overrides the patience of its rule, where the rule
 * allows it. A value that cannot be read overrides nothing; the headers never travel on.
 *
 * <p>Source: facts/proxy.md 3.15 and 3.16.
 */
final class RequestOverrides {
  private static final int MAX_RETRIES = 65_535;

  /** More digits than any duration of use has. */
  private static final int MAX_DIGITS = 12;

  private RequestOverrides() {}

  /** What holds for a request with these headers, which are taken out of the block. */
  static Conduct apply(Conduct rule, HeaderBlock headers) {
    AsciiString timeout = take(headers, HeaderNames.L5D_TIMEOUT);
    AsciiString requestTimeout = take(headers, HeaderNames.L5D_REQUEST_TIMEOUT);
    long request = nanos(requestTimeout == null ? timeout : requestTimeout, rule.requestNanos());
    long response = nanos(take(headers, HeaderNames.L5D_RESPONSE_TIMEOUT), rule.responseNanos());
    RetryRule retry = retry(rule.retry(), headers);
    if (request == rule.requestNanos()
        && response == rule.responseNanos()
        && retry == rule.retry()) {
      return rule;
    }
    return new Conduct(request, response, rule.idleNanos(), rule.profileNanos(), retry, true);
  }

  private static @Nullable RetryRule retry(@Nullable RetryRule rule, HeaderBlock headers) {
    AsciiString http = take(headers, HeaderNames.L5D_RETRY_HTTP);
    AsciiString grpc = take(headers, HeaderNames.L5D_RETRY_GRPC);
    AsciiString limit = take(headers, HeaderNames.L5D_RETRY_LIMIT);
    AsciiString timeout = take(headers, HeaderNames.L5D_RETRY_TIMEOUT);
    if (http == null && grpc == null && limit == null && timeout == null) {
      return rule;
    }
    RetryRule base = rule == null ? RetryRule.BY_HEADERS : rule;
    HttpRetryOn statuses = http == null ? null : statuses(http);
    GrpcRetryOn codes = grpc == null ? null : codes(grpc);
    RetryOn on = base.on();
    if ((statuses != null || codes != null) && on instanceof RetryOn.Listed(var s, var c)) {
      on = new RetryOn.Listed(statuses == null ? s : statuses, codes == null ? c : codes);
    }
    return new RetryRule(
        limit == null ? base.maxRetries() : number(limit, base.maxRetries()),
        base.maxRequestBytes(),
        on,
        nanos(timeout, base.headNanos()),
        base.backoff(),
        base.budget());
  }

  private static @Nullable AsciiString take(HeaderBlock headers, AsciiString name) {
    AsciiString value = headers.get(name);
    if (value != null) {
      headers.remove(name);
    }
    return value;
  }

  /** {@code 5xx}, {@code gateway-error}, {@code NNN} and {@code NNN-MMM}, by commas; or null. */
  static @Nullable HttpRetryOn statuses(CharSequence text) {
    List<HttpRetryOn.StatusRange> ranges = new ArrayList<>();
    for (String item : text.toString().split(",", -1)) {
      HttpRetryOn.StatusRange range = range(item.strip());
      if (range == null) {
        return null;
      }
      ranges.add(range);
    }
    return new HttpRetryOn(ranges);
  }

  private static HttpRetryOn.@Nullable StatusRange range(String item) {
    switch (item) {
      case "5xx" -> {
        return new HttpRetryOn.StatusRange(500, 599);
      }
      case "gateway-error" -> {
        return new HttpRetryOn.StatusRange(502, 504);
      }
      default -> {
        int dash = item.indexOf('-');
        int first = number(dash < 0 ? item : item.substring(0, dash), -1);
        int last = dash < 0 ? first : number(item.substring(dash + 1), -1);
        return first >= 100 && first <= last && last <= 599
            ? new HttpRetryOn.StatusRange(first, last)
            : null;
      }
    }
  }

  /** Names of codes in lower case with dashes, by commas; or null. */
  static @Nullable GrpcRetryOn codes(CharSequence text) {
    Set<GrpcRetryOn.Code> codes = EnumSet.noneOf(GrpcRetryOn.Code.class);
    for (String item : text.toString().split(",", -1)) {
      switch (item.strip()) {
        case "cancelled" -> codes.add(GrpcRetryOn.Code.CANCELLED);
        case "deadline-exceeded" -> codes.add(GrpcRetryOn.Code.DEADLINE_EXCEEDED);
        case "internal" -> codes.add(GrpcRetryOn.Code.INTERNAL);
        case "resource-exhausted" -> codes.add(GrpcRetryOn.Code.RESOURCE_EXHAUSTED);
        case "unavailable" -> codes.add(GrpcRetryOn.Code.UNAVAILABLE);
        default -> {
          return null;
        }
      }
    }
    return new GrpcRetryOn(codes);
  }

  private static int number(CharSequence text, int fallback) {
    String digits = text.toString().strip();
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return fallback;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return fallback;
      }
      value = value * 10 + (c - '0');
    }
    return (int) Math.min(MAX_RETRIES, value);
  }

  /** An integer and one of ms, s, m, h, d, in nanoseconds; else the fallback. */
  static long nanos(@Nullable CharSequence text, long fallback) {
    if (text == null) {
      return fallback;
    }
    String value = text.toString().strip();
    int digits = 0;
    while (digits < value.length() && Character.digit(value.charAt(digits), 10) >= 0) {
      digits++;
    }
    long unitNanos =
        switch (value.substring(digits)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> 0;
        };
    if (digits == 0 || digits > MAX_DIGITS || unitNanos == 0) {
      return fallback;
    }
    try {
      return Math.multiplyExact(Long.parseLong(value.substring(0, digits)), unitNanos);
    } catch (ArithmeticException | NumberFormatException _) {
      return fallback;
    }
  }
}
