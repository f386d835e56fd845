package dev.weft.policyservice.admission;

import dev.weft.mesh.GoDuration;
import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;
import dev.weft.policy.route.RouteObjects;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Rules of routes: what a proxy could not carry out, judged by the very code that compiles routes.
 */
final class RouteRules {
  private RouteRules() {}

  static void check(HttpRoute route) {
    checkParents(route);
    boolean own = route.kind() == ResourceKind.POLICY_HTTP_ROUTE;
    for (HttpRoute.Rule rule : route.rules()) {
      rule.matches().forEach(RouteObjects::match);
      checkFilters(rule.filters(), own);
      for (HttpRoute.Backend backend : rule.backendRefs()) {
        checkFilters(backend.filters(), own);
        if (!own) {
          checkPort(backend.backend());
        }
      }
      if (own) {
        checkTimeouts(rule.timeouts());
      }
    }
  }

  static void check(GrpcRoute route) {
    checkParents(route);
    for (GrpcRoute.Rule rule : route.rules()) {
      rule.matches().forEach(RouteObjects::match);
      checkFilters(rule.filters(), false);
      for (HttpRoute.Backend backend : rule.backendRefs()) {
        checkFilters(backend.filters(), false);
        checkPort(backend.backend());
      }
    }
  }

  /** For routes of bytes, which have exactly one rule. */
  static void check(Route route, int rules) {
    checkParents(route);
    if (rules != 1) {
      throw new RefusedPolicy("spec.rules has %d rules".formatted(rules), "exactly one");
    }
  }

  private static void checkParents(Route route) {
    for (Route.ParentRef parent : route.parentRefs()) {
      if (parent.ref().is(ResourceKind.EGRESS_NETWORK) && parent.port() == 0) {
        throw new RefusedPolicy(
            "spec.parentRefs names EgressNetwork %s without a port".formatted(parent.ref().name()),
            "add port");
      }
    }
  }

  /** Filters which the mesh does not have are admitted where others may have them. */
  private static void checkFilters(List<Route.Filter> filters, boolean own) {
    for (Route.Filter filter : filters) {
      if (filter instanceof Route.Filter.Unsupported(String type)) {
        if (own && type.isEmpty()) {
          throw new RefusedPolicy("a filter has no type", "add one");
        }
        continue;
      }
      if (filter instanceof Route.Filter.RequestRedirect redirect) {
        checkRedirect(redirect.path());
      }
      RouteObjects.httpFilter(filter);
    }
  }

  private static void checkRedirect(Route.RedirectPath path) {
    String replacement =
        switch (path) {
          case Route.RedirectPath.Keep _ -> "/";
          case Route.RedirectPath.Full(String full) -> full;
          case Route.RedirectPath.Prefix(String prefix) -> prefix;
        };
    if (!replacement.startsWith("/")) {
      throw new RefusedPolicy(
          "a redirect replaces the path by '%s'".formatted(replacement), "begin it with '/'");
    }
  }

  private static void checkPort(Route.BackendRef backend) {
    if (backend.ref().is(ResourceKind.SERVICE) && backend.port() == 0) {
      throw new RefusedPolicy(
          "spec.rules.backendRefs names Service %s without a port".formatted(backend.ref().name()),
          "add port");
    }
  }

  private static void checkTimeouts(HttpRoute.Timeouts timeouts) {
    Optional<Duration> request = timeout("request", timeouts.request());
    Optional<Duration> attempt = timeout("backendRequest", timeouts.backendRequest());
    if (request.isPresent() && attempt.isPresent() && attempt.get().compareTo(request.get()) > 0) {
      throw new RefusedPolicy(
          "timeouts.backendRequest=%s is above timeouts.request=%s"
              .formatted(timeouts.backendRequest(), timeouts.request()),
          "lower it");
    }
  }

  private static Optional<Duration> timeout(String field, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        GoDuration.parse(text)
            .filter(duration -> !duration.isNegative())
            .orElseThrow(
                () ->
                    new RefusedPolicy(
                        "timeouts.%s=%s is no duration from 0".formatted(field, text),
                        "such as 300ms or 1m30s")));
  }
}
