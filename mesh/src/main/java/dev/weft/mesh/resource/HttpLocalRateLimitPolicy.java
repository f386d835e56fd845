package dev.weft.mesh.resource;

import java.util.List;
import java.util.OptionalLong;

/**
 * A rate limit of a Server, judged by each proxy alone. Limits are requests per second, 0 to
 * 4294967295.
 *
 * @param meta metadata
 * @param targetRef the Server, in the object's own namespace
 * @param total the limit of all clients together, if any
 * @param identity the limit of each client, if any
 * @param overrides limits of certain clients
 * @param conditions what was observed
 */
public record HttpLocalRateLimitPolicy(
    ObjectMeta meta,
    ObjectRef targetRef,
    OptionalLong total,
    OptionalLong identity,
    List<Override> overrides,
    List<Condition> conditions)
    implements Resource {
  /** Copies the lists. */
  public HttpLocalRateLimitPolicy {
    overrides = List.copyOf(overrides);
    conditions = List.copyOf(conditions);
  }

  @java.lang.Override
  public ResourceKind kind() {
    return ResourceKind.HTTP_LOCAL_RATE_LIMIT_POLICY;
  }

  /**
   * The limit of certain clients.
   *
   * @param requestsPerSecond the limit
   * @param clientRefs service accounts; a namespace left empty is the object's own
   */
  public record Override(long requestsPerSecond, List<ObjectRef> clientRefs) {
    /** Copies the list. */
    public Override {
      clientRefs = List.copyOf(clientRefs);
    }
  }
}
