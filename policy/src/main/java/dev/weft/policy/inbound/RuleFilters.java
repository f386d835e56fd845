package dev.weft.policy.inbound;

import dev.weft.policy.route.GrpcFilter;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done to an admitted request, in order and before the rate limit. */
public sealed interface RuleFilters {
  /** Nothing. */
  RuleFilters NONE = new None();

  /** Nothing. */
  record None() implements RuleFilters {}

  /**
   * Filters of an HTTP rule.
   *
   * @param filters at least one
   * @param match the alternative that held, for a redirect which replaces the matched prefix; null
   *     where no filter needs it
   */
  record Http(List<HttpFilter> filters, @Nullable HttpRouteMatch match) implements RuleFilters {
    /** Copies the list. */
    public Http {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Filters of a gRPC rule.
   *
   * @param filters at least one
   */
  record Grpc(List<GrpcFilter> filters) implements RuleFilters {
    /** Copies the list. */
    public Grpc {
      filters = List.copyOf(filters);
    }
  }
}
