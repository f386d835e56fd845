package dev.weft.proxy.control.decode;

import dev.weft.api.destination.RequestMatch;
import dev.weft.api.destination.ResponseClass;
import dev.weft.api.destination.ResponseMatch;
import dev.weft.api.destination.RetryBudget;
import dev.weft.api.destination.Route;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.route.LinearRegex;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.control.ProfileRoute.Condition;
import dev.weft.proxy.control.ProfileRoute.ResponseCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the routes of a profile. A route that cannot be understood is left out, as is a response
 * class; the others hold.
 *
 * <p>Source: facts/proxy-api.md, {@code destination.Route} and {@code destination.RetryBudget}.
 */
final class ProfileRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileRoutes.class);
  private static final Duration MIN_TTL = Duration.ofSeconds(1);
  private static final Duration MAX_TTL = Duration.ofSeconds(60);
  private static final float MAX_RATIO = 1000;

  /** Conditions within conditions; the message's own limit is 100. */
  private static final int MAX_DEPTH = 32;

  private ProfileRoutes() {}

  static List<ProfileRoute> decode(List<Route> routes) {
    List<ProfileRoute> found = new ArrayList<>(routes.size());
    for (Route route : routes) {
      try {
        found.add(route(route));
      } catch (InvalidPolicyException e) {
        LOG.warn("route of a profile left out; cause: {}", e.getMessage());
      }
    }
    return found;
  }

  /** The budget, or null if it is out of bounds: then nothing is retried. */
  static ProfileRoute.@Nullable Budget budget(RetryBudget budget) {
    if (!budget.hasTtl()) {
      return null;
    }
    Duration ttl = Duration.ofSeconds(budget.getTtl().getSeconds(), budget.getTtl().getNanos());
    float ratio = budget.getRetryRatio();
    if (ttl.compareTo(MIN_TTL) < 0
        || ttl.compareTo(MAX_TTL) > 0
        || !(ratio >= 0 && ratio <= MAX_RATIO)) {
      return null;
    }
    return new ProfileRoute.Budget(ttl, Backends.bounded(budget.getMinRetriesPerSecond()), ratio);
  }

  private static ProfileRoute route(Route route) {
    if (!route.hasCondition()) {
      throw Values.missing("condition of a profile's route");
    }
    List<ProfileRoute.ResponseClass> classes = new ArrayList<>();
    for (ResponseClass one : route.getResponseClassesList()) {
      response(one.getCondition(), 0)
          .ifPresent(c -> classes.add(new ProfileRoute.ResponseClass(c, one.getIsFailure())));
    }
    Duration timeout = Values.duration(route.hasTimeout(), route.getTimeout());
    return new ProfileRoute(
        request(route.getCondition(), 0),
        classes,
        route.getMetricsLabelsMap(),
        route.getIsRetryable(),
        timeout == null || timeout.isZero() ? null : timeout);
  }

  private static Condition request(RequestMatch match, int depth) {
    bound(depth);
    return switch (match.getMatchCase()) {
      case ALL -> new Condition.All(requests(match.getAll().getMatchesList(), depth));
      case ANY -> new Condition.Any(requests(match.getAny().getMatchesList(), depth));
      case NOT -> new Condition.Not(request(match.getNot(), depth + 1));
      case PATH -> {
        LinearRegex.compile(match.getPath().getRegex());
        yield new Condition.Path(match.getPath().getRegex());
      }
      case METHOD -> new Condition.Method(Routes.method(match.getMethod()));
      case MATCH_NOT_SET -> throw Values.missing("condition of a profile's route");
    };
  }

  private static List<Condition> requests(List<RequestMatch> matches, int depth) {
    return Routes.each(matches, match -> request(match, depth + 1));
  }

  private static Optional<ResponseCondition> response(ResponseMatch match, int depth) {
    bound(depth);
    return switch (match.getMatchCase()) {
      case ALL ->
          Optional.of(new ResponseCondition.All(responses(match.getAll().getMatchesList(), depth)));
      case ANY ->
          Optional.of(new ResponseCondition.Any(responses(match.getAny().getMatchesList(), depth)));
      case NOT -> response(match.getNot(), depth + 1).map(ResponseCondition.Not::new);
      case STATUS -> {
        int max = Backends.bounded(match.getStatus().getMax());
        yield Optional.of(
            new ResponseCondition.Status(
                Backends.bounded(match.getStatus().getMin()), max == 0 ? Integer.MAX_VALUE : max));
      }
      case MATCH_NOT_SET -> Optional.empty();
    };
  }

  private static List<ResponseCondition> responses(List<ResponseMatch> matches, int depth) {
    List<ResponseCondition> found = new ArrayList<>();
    for (ResponseMatch match : matches) {
      response(match, depth + 1).ifPresent(found::add);
    }
    return found;
  }

  private static void bound(int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidPolicyException("conditions are nested deeper than " + MAX_DEPTH);
    }
  }
}
