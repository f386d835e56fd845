package dev.weft.policy.inbound;

import dev.weft.policy.route.HostMatch;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.RouteTable;
import java.util.List;
import java.util.function.Function;

/** Enters HTTP rules into a table: one target per rule, or per match where filters look at it. */
final class HttpRules {
  private HttpRules() {}

  static <T> void add(
      RouteTable.Builder<T> table,
      List<HostMatch> hosts,
      InboundHttpRoute.Rule rule,
      Function<RuleFilters, T> target) {
    if (rule.filters().stream().noneMatch(HttpRules::needsMatch)) {
      RuleFilters filters =
          rule.filters().isEmpty() ? RuleFilters.NONE : new RuleFilters.Http(rule.filters(), null);
      table.http(hosts, rule.matches(), target.apply(filters));
      return;
    }
    List<HttpRouteMatch> matches =
        rule.matches().isEmpty() ? List.of(HttpRouteMatch.ANY) : rule.matches();
    for (HttpRouteMatch match : matches) {
      table.http(hosts, List.of(match), target.apply(new RuleFilters.Http(rule.filters(), match)));
    }
  }

  private static boolean needsMatch(HttpFilter filter) {
    return filter instanceof HttpFilter.Redirect redirect
        && redirect.path() instanceof HttpFilter.PathRewrite.Prefix;
  }
}
