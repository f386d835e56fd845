package dev.weft.proxy.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the destination service says of one target besides its endpoints.
 *
 * <p>Source: facts/proxy-api.md 16.4.
 *
 * @param name fully qualified name without port, empty when the target is an address only
 * @param opaque whether bytes must not be looked into, whatever the policy says
 * @param endpoint the one endpoint of a target that is an address, or null
 * @param overrides traffic split; entries with weight 0 are left out
 * @param routes of the ServiceProfile, in order
 * @param budget what retries of all routes share; null allows none
 */
public record Profile(
    String name,
    boolean opaque,
    @Nullable Endpoint endpoint,
    List<WeightedTarget> overrides,
    List<ProfileRoute> routes,
    ProfileRoute.@Nullable Budget budget) {

  public Profile {
    overrides = List.copyOf(overrides);
    routes = List.copyOf(routes);
  }

  /** Whether it replaces the routes that a policy has for HTTP. */
  public boolean routesHttp() {
    return !name.isEmpty() && !(routes.isEmpty() && overrides.isEmpty());
  }

  /**
   * One leg of a traffic split.
   *
   * @param authority {@code name:port}
   * @param weight relative weight, at least 1
   */
  public record WeightedTarget(String authority, int weight) {}
}
