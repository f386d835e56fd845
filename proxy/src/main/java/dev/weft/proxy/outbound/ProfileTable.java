package dev.weft.proxy.outbound;

import dev.weft.policy.route.LinearRegex;
import dev.weft.policy.route.RouteHit;
import dev.weft.proxy.control.ProfileRoute;
import dev.weft.proxy.forward.RequestView;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a profile, compiled: the first that holds, else the one for everything. Immutable.
 *
 * <p>Source: facts/proxy.md 3.5.
 */
final class ProfileTable implements HttpRoutes {
  private final List<Entry> entries;
  private final RouteHit<HttpRule> otherwise;

  /** A route with what it leads to. */
  record Entry(Predicate<RequestView> condition, RouteHit<HttpRule> hit) {}

  ProfileTable(List<Entry> entries, HttpRule otherwise) {
    this.entries = List.copyOf(entries);
    this.otherwise = new RouteHit<>(otherwise, null);
  }

  static Entry entry(ProfileRoute.Condition condition, HttpRule rule) {
    return new Entry(compile(condition), new RouteHit<>(rule, null));
  }

  @Override
  public @Nullable RouteHit<HttpRule> find(RequestView request) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).condition().test(request)) {
        return entries.get(i).hit();
      }
    }
    return otherwise;
  }

  static Predicate<RequestView> compile(ProfileRoute.Condition condition) {
    return switch (condition) {
      case ProfileRoute.Condition.All(var parts) -> {
        List<Predicate<RequestView>> all = parts.stream().map(ProfileTable::compile).toList();
        yield request -> all.stream().allMatch(part -> part.test(request));
      }
      case ProfileRoute.Condition.Any(var parts) -> {
        List<Predicate<RequestView>> all = parts.stream().map(ProfileTable::compile).toList();
        yield request -> all.stream().anyMatch(part -> part.test(request));
      }
      case ProfileRoute.Condition.Not(var part) -> compile(part).negate();
      case ProfileRoute.Condition.Path(String regex) -> {
        LinearRegex whole = LinearRegex.compile("^(?:" + regex + ")$");
        yield request -> whole.spans(path(request.head().path));
      }
      case ProfileRoute.Condition.Method(String name) -> {
        AsciiString method = AsciiString.of(name);
        yield request -> method.equals(request.head().method);
      }
    };
  }

  private static AsciiString path(AsciiString pathAndQuery) {
    int query = pathAndQuery.indexOf("?", 0);
    return query < 0 ? pathAndQuery : pathAndQuery.subSequence(0, query);
  }
}
