package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.RateLimit;
import io.netty.util.concurrent.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets as many requests of a port through as its {@link RateLimit} says. Shared by all loops:
 * thread-safe without locks.
 *
 * <p>Each limit of N per second is a generic cell rate algorithm with a burst of N: one number, the
 * time at which the next request would be due if all came evenly. Source: facts/proxy.md 2.9.
 */
final class RateLimiter {
  /** Identities with a bucket of their own; all further ones share one. */
  static final int MAX_IDENTITIES = 10_000;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Clients without identity are one client. */
  private static final String ANONYMOUS = "";

  private final RateLimit limit;
  private final Ticker ticker;
  private final @Nullable Bucket total;
  private final Map<String, Bucket> overrides = new HashMap<>();
  private final Map<String, Bucket> identities = new ConcurrentHashMap<>();
  private final Bucket others;

  RateLimiter(RateLimit limit, Ticker ticker) {
    this.limit = limit;
    this.ticker = ticker;
    this.total = limit.total() == 0 ? null : bucket(limit.total(), Scope.TOTAL, "total");
    this.others = perIdentity();
    for (RateLimit.Override override : limit.overrides()) {
      if (override.requestsPerSecond() > 0) {
        Bucket shared = bucket(override.requestsPerSecond(), Scope.IDENTITY, "override");
        override.identities().forEach(identity -> overrides.putIfAbsent(identity, shared));
      }
    }
  }

  /** Which limit was hit, as metrics name it. */
  enum Scope {
    TOTAL("total"),
    IDENTITY("identity");

    private final String label;

    Scope(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** A limit that was hit. */
  record Excess(Scope scope, String message) {}

  RateLimit limit() {
    return limit;
  }

  /** Counts a request; not null if it is one too many. */
  @Nullable Excess admit(@Nullable String identity) {
    long now = ticker.nanoTime();
    if (total != null && !total.admit(now)) {
      return total.excess;
    }
    Bucket own = identity == null ? null : overrides.get(identity);
    if (own == null && limit.identity() > 0) {
      own = identities.get(identity == null ? ANONYMOUS : identity);
      if (own == null) {
        own =
            identities.size() < MAX_IDENTITIES
                ? identities.computeIfAbsent(
                    identity == null ? ANONYMOUS : identity, _ -> perIdentity())
                : others;
      }
    }
    return own == null || own.admit(now) ? null : own.excess;
  }

  private Bucket perIdentity() {
    return bucket(Math.max(1, limit.identity()), Scope.IDENTITY, "per-identity");
  }

  private Bucket bucket(long requestsPerSecond, Scope scope, String name) {
    return new Bucket(
        requestsPerSecond,
        new Excess(scope, name + " rate limit exceeded: " + requestsPerSecond + "rps"),
        ticker.nanoTime());
  }

  /** One limit. */
  private static final class Bucket {
    private final long intervalNanos;
    private final long burstNanos;
    private final Excess excess;

    /** When the next request is due if all come evenly; in the past while there is room. */
    private final AtomicLong due;

    Bucket(long requestsPerSecond, Excess excess, long now) {
      this.intervalNanos = Math.max(1, SECOND / requestsPerSecond);
      this.burstNanos = intervalNanos * requestsPerSecond;
      this.excess = excess;
      this.due = new AtomicLong(now);
    }

    boolean admit(long now) {
      for (; ; ) {
        long before = due.get();
        long after = (before - now > 0 ? before : now) + intervalNanos;
        if (after - now > burstNanos) {
          return false;
        }
        if (due.compareAndSet(before, after)) {
          return true;
        }
      }
    }
  }
}
