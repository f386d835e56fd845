package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import java.util.List;

/**
 * How many HTTP requests one proxy takes on a port. All limits are requests per second, which is
 * also the size of a burst, as unsigned 32-bit numbers; 0 is no limit. Source: facts/proxy.md 2.9.
 *
 * @param ref the object, kind {@code HTTPLocalRateLimitPolicy}, without namespace
 * @param total of all clients together
 * @param identity of each client identity; all clients without one share a bucket
 * @param overrides limits that replace {@code identity} for certain clients
 */
public record RateLimit(PolicyRef ref, long total, long identity, List<Override> overrides) {
  /** Copies the list. */
  public RateLimit {
    overrides = List.copyOf(overrides);
  }

  /**
   * A limit of certain clients, who share one bucket.
   *
   * @param requestsPerSecond the limit
   * @param identities whole identities
   */
  public record Override(long requestsPerSecond, List<String> identities) {
    /** Copies the list. */
    public Override {
      identities = List.copyOf(identities);
    }
  }
}
