package dev.weft.proxy.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the destination service says of one target besides its endpoints.
 *
 * <p>Source: facts/proxy-api.md 16.4. Routes of ServiceProfiles come with issue 5.
 *
 * @param name fully qualified name without port, empty when the target is an address only
 * @param opaque whether bytes must not be looked into, whatever the policy says
 * @param endpoint the one endpoint of a target that is an address, or null
 * @param overrides traffic split; entries with weight 0 are left out
 * @param hasRoutes whether the profile carries routes
 */
public record Profile(
    String name,
    boolean opaque,
    @Nullable Endpoint endpoint,
    List<WeightedTarget> overrides,
    boolean hasRoutes) {

  public Profile {
    overrides = List.copyOf(overrides);
  }

  /**
   * One leg of a traffic split.
   *
   * @param authority {@code name:port}
   * @param weight relative weight, at least 1
   */
  public record WeightedTarget(String authority, int weight) {}
}
