package dev.weft.mesh.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes of a Service, by the Service's full DNS name.
 *
 * @param meta metadata; the name is the Service's full name
 * @param routes routes in order; the first that matches counts
 * @param retryBudget the budget, or null for the mesh's own
 * @param dstOverrides where traffic goes instead, with weights; empty for no split
 */
public record ServiceProfile(
    ObjectMeta meta,
    List<Route> routes,
    @Nullable RetryBudget retryBudget,
    List<DstOverride> dstOverrides)
    implements Resource {
  /** Copies the lists. */
  public ServiceProfile {
    routes = List.copyOf(routes);
    dstOverrides = List.copyOf(dstOverrides);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.SERVICE_PROFILE;
  }

  /**
   * One route.
   *
   * @param name the name, a metric label
   * @param condition what requests it takes
   * @param retryable whether failed requests may be retried
   * @param timeout Go duration as written; empty for none
   * @param responseClasses which responses are failures, in order
   */
  public record Route(
      String name,
      RequestMatch condition,
      boolean retryable,
      String timeout,
      List<ResponseClass> responseClasses) {
    /** Copies the list. */
    public Route {
      responseClasses = List.copyOf(responseClasses);
    }
  }

  /** Which requests a route takes. */
  public sealed interface RequestMatch {
    /**
     * All of them.
     *
     * @param matches the parts
     */
    record All(List<RequestMatch> matches) implements RequestMatch {
      /** Copies the list. */
      public All {
        matches = List.copyOf(matches);
      }
    }

    /**
     * Any of them.
     *
     * @param matches the parts
     */
    record Any(List<RequestMatch> matches) implements RequestMatch {
      /** Copies the list. */
      public Any {
        matches = List.copyOf(matches);
      }
    }

    /**
     * The contrary.
     *
     * @param match the part
     */
    record Not(RequestMatch match) implements RequestMatch {}

    /**
     * By method.
     *
     * @param method as written
     */
    record Method(String method) implements RequestMatch {}

    /**
     * By path.
     *
     * @param regex a regular expression for the whole path
     */
    record PathRegex(String regex) implements RequestMatch {}
  }

  /**
   * Which responses fail.
   *
   * @param condition what responses it is about
   * @param failure whether they are failures
   */
  public record ResponseClass(ResponseMatch condition, boolean failure) {}

  /** Which responses a class is about. */
  public sealed interface ResponseMatch {
    /**
     * All of them.
     *
     * @param matches the parts
     */
    record All(List<ResponseMatch> matches) implements ResponseMatch {
      /** Copies the list. */
      public All {
        matches = List.copyOf(matches);
      }
    }

    /**
     * Any of them.
     *
     * @param matches the parts
     */
    record Any(List<ResponseMatch> matches) implements ResponseMatch {
      /** Copies the list. */
      public Any {
        matches = List.copyOf(matches);
      }
    }

    /**
     * The contrary.
     *
     * @param match the part
     */
    record Not(ResponseMatch match) implements ResponseMatch {}

    /**
     * By status.
     *
     * @param min the lowest; 0 where not said
     * @param max the highest; 0 where not said
     */
    record Status(int min, int max) implements ResponseMatch {}
  }

  /**
   * How many retries are allowed.
   *
   * @param retryRatio retries per request
   * @param minRetriesPerSecond retries that are always allowed
   * @param ttl over what time requests are counted, Go duration as written
   */
  public record RetryBudget(float retryRatio, int minRetriesPerSecond, String ttl) {}

  /**
   * One leg of a split.
   *
   * @param authority {@code host[:port]}
   * @param weightMillis the weight in thousandths, {@code 500} for {@code 500m}
   */
  public record DstOverride(String authority, long weightMillis) {}
}
