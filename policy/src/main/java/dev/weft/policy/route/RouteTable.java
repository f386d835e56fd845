package dev.weft.policy.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rules of all routes of one port, compiled for lookup. Of the rules that match a request the
 * best wins: first by host (exact over suffix over none, longer over shorter), then by the length
 * of the matched path whatever its kind, then by the number of header conditions, of query
 * conditions, and by a method condition; for gRPC by length of service, of method, and by header
 * conditions. Ties go to the rule added first. Source: facts/proxy.md 3.5.
 *
 * <p>Immutable and safe for all threads; a lookup allocates nothing unless an expression or a query
 * condition has to be tried.
 *
 * @param <T> what a rule leads to
 */
public final class RouteTable<T> {
  private final List<Group<T>> groups;

  private RouteTable(List<Group<T>> groups) {
    this.groups = groups;
  }

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /** The best rule for a request, or null when none matches. */
  public @Nullable RouteHit<T> find(RequestContext request) {
    CharSequence target = request.pathAndQuery();
    int pathEnd = pathEnd(target);
    CharSequence authority = null;
    for (Group<T> group : groups) {
      if (group.host != null) {
        if (authority == null) {
          authority = request.authority();
        }
        if (!group.host.matches(authority)) {
          continue;
        }
      }
      RouteHit<T> hit = group.find(request, target, pathEnd);
      if (hit != null) {
        return hit;
      }
    }
    return null;
  }

  private static int pathEnd(CharSequence target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }

  /**
   * Rules that share one host condition, best first as far as can be known before the request.
   *
   * @param host null accepts every host
   */
  private record Group<T>(@Nullable HostMatcher host, List<Candidate<T>> candidates) {
    @Nullable RouteHit<T> find(RequestContext request, CharSequence target, int pathEnd) {
      Candidate<T> best = null;
      long bestRank = 0;
      for (Candidate<T> candidate : candidates) {
        if (candidate.matcher.matches(request, target, pathEnd)) {
          long rank = candidate.matcher.rank(pathEnd);
          if (best == null
              || rank > bestRank
              || (rank == bestRank && candidate.order < best.order)) {
            best = candidate;
            bestRank = rank;
          }
          if (!candidate.matcher.rankVaries()) {
            break; // everything after this ranks lower, or equal and was added later
          }
        }
      }
      return best == null ? null : best.hit;
    }
  }

  private record Candidate<T>(RuleMatcher matcher, int order, RouteHit<T> hit) {}

  /** Collects rules in the order of the policy. */
  public static final class Builder<T> {
    private final Map<HostKey, List<Candidate<T>>> byHost = new LinkedHashMap<>();
    private int order;

    private Builder() {}

    /**
     * Adds an HTTP rule.
     *
     * @param hosts host conditions of its route, any may hold; empty is every host
     * @param matches alternatives, any may hold; empty is everything
     * @throws dev.weft.policy.InvalidPolicyException when a condition cannot be compiled
     */
    public Builder<T> http(List<HostMatch> hosts, List<HttpRouteMatch> matches, T target) {
      for (HttpRouteMatch match : matches.isEmpty() ? List.of(HttpRouteMatch.ANY) : matches) {
        add(hosts, HttpMatcher.compile(match), new RouteHit<>(target, match));
      }
      return this;
    }

    /** Adds a gRPC rule; parameters as for {@link #http}. */
    public Builder<T> grpc(List<HostMatch> hosts, List<GrpcRouteMatch> matches, T target) {
      for (GrpcRouteMatch match : matches.isEmpty() ? List.of(GrpcRouteMatch.ANY) : matches) {
        add(hosts, GrpcMatcher.compile(match), new RouteHit<>(target, null));
      }
      return this;
    }

    private void add(List<HostMatch> hosts, RuleMatcher matcher, RouteHit<T> hit) {
      var candidate = new Candidate<>(matcher, order++, hit);
      if (hosts.isEmpty()) {
        byHost.computeIfAbsent(HostKey.ANY, _ -> new ArrayList<>()).add(candidate);
      }
      hosts.stream()
          .map(HostKey::of)
          .distinct()
          .forEach(key -> byHost.computeIfAbsent(key, _ -> new ArrayList<>()).add(candidate));
    }

    public RouteTable<T> build() {
      List<Group<T>> groups = new ArrayList<>();
      byHost.entrySet().stream()
          .sorted(Map.Entry.comparingByKey(HostKey.BEST_FIRST))
          .forEach(e -> groups.add(new Group<>(e.getKey().matcher(), bestFirst(e.getValue()))));
      return new RouteTable<>(List.copyOf(groups));
    }

    private static <T> List<Candidate<T>> bestFirst(List<Candidate<T>> candidates) {
      return candidates.stream()
          .sorted(
              Comparator.comparingLong((Candidate<T> c) -> c.matcher.rank(RuleRank.LONGEST))
                  .reversed()
                  .thenComparingInt(Candidate::order))
          .toList();
    }
  }
}
