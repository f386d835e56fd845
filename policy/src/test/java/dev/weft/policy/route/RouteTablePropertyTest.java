package dev.weft.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The table against a plain reading of the contract, which scores every rule for every request. */
class RouteTablePropertyTest {
  record Rule(List<HostMatch> hosts, List<HttpRouteMatch> matches) {}

  @Property(tries = 3000)
  void lookup_onRandomRules_agreesWithScoringEveryRule(
      @ForAll("rules") List<Rule> rules, @ForAll("requests") FakeRequest request) {
    RouteTable.Builder<Integer> builder = RouteTable.builder();
    for (int i = 0; i < rules.size(); i++) {
      builder.http(rules.get(i).hosts(), rules.get(i).matches(), i);
    }
    RouteHit<Integer> hit = builder.build().find(request);

    assertThat(hit == null ? null : hit.target()).isEqualTo(oracle(rules, request));
  }

  private static @Nullable Integer oracle(List<Rule> rules, FakeRequest request) {
    Integer best = null;
    List<Integer> bestScore = List.of();
    for (int i = 0; i < rules.size(); i++) {
      for (List<Integer> score : scores(rules.get(i), request)) {
        if (best == null || LEXICOGRAPHIC.compare(score, bestScore) > 0) {
          best = i;
          bestScore = score;
        }
      }
    }
    return best;
  }

  private static final Comparator<List<Integer>> LEXICOGRAPHIC =
      (a, b) -> {
        for (int i = 0; i < a.size(); i++) {
          int order = Integer.compare(a.get(i), b.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private static List<List<Integer>> scores(Rule rule, FakeRequest request) {
    List<List<Integer>> scores = new ArrayList<>();
    String host = request.authority().replaceAll(":.*", "").toLowerCase(Locale.ROOT);
    List<int[]> hostScores = new ArrayList<>();
    if (rule.hosts().isEmpty()) {
      hostScores.add(new int[] {0, 0});
    }
    for (HostMatch match : rule.hosts()) {
      switch (match) {
        case HostMatch.Exact(String h) when h.equals(host) ->
            hostScores.add(new int[] {2, h.length()});
        case HostMatch.Suffix s when host.endsWith("." + s.domain()) ->
            hostScores.add(new int[] {1, s.domain().length()});
        default -> {}
      }
    }
    List<HttpRouteMatch> matches =
        rule.matches().isEmpty() ? List.of(HttpRouteMatch.ANY) : rule.matches();
    for (int[] hostScore : hostScores) {
      for (HttpRouteMatch match : matches) {
        Integer path = pathLength(match.path(), request.pathAndQuery().replaceAll("\\?.*", ""));
        if (path != null
            && (match.method() == null || match.method().equals(request.method()))
            && match.headers().stream().allMatch(h -> headerHolds(h, request))
            && match.queryParams().stream().allMatch(q -> queryHolds(q, request))) {
          scores.add(
              List.of(
                  hostScore[0],
                  hostScore[1],
                  path,
                  match.headers().size(),
                  match.queryParams().size(),
                  match.method() == null ? 0 : 1));
        }
      }
    }
    return scores;
  }

  private static @Nullable Integer pathLength(@Nullable PathMatch match, String path) {
    return switch (match) {
      case null -> 1;
      case PathMatch.Exact(String p) -> p.equals(path) ? p.length() : null;
      case PathMatch.Regex(String p) -> Pattern.matches(p, path) ? path.length() : null;
      case PathMatch.Prefix(String p) -> {
        String trimmed = p.replaceAll("/+$", "");
        yield (path + "/").startsWith(trimmed + "/") ? Math.max(1, trimmed.length()) : null;
      }
    };
  }

  private static boolean headerHolds(HeaderMatch match, FakeRequest request) {
    List<String> values = request.headers().getOrDefault(match.name(), List.of());
    return switch (match) {
      case HeaderMatch.Exact(String _, String value) -> values.contains(value);
      case HeaderMatch.Regex(String _, String p) ->
          values.stream().anyMatch(v -> Pattern.matches(p, v));
    };
  }

  private static boolean queryHolds(QueryParamMatch match, FakeRequest request) {
    String query = request.pathAndQuery().replaceFirst("[^?]*\\??", "");
    List<String> pairs = List.of(query.split("&"));
    return switch (match) {
      case QueryParamMatch.Exact(String name, String value) -> pairs.contains(name + "=" + value);
      case QueryParamMatch.Regex(String name, String p) ->
          pairs.stream().anyMatch(x -> Pattern.matches(name + "=" + p, x));
    };
  }

  @Provide
  Arbitrary<List<Rule>> rules() {
    Arbitrary<HostMatch> host =
        Arbitraries.of("a.b", "b", "*.b", "*.a.b", "x.a.b").map(HostMatch::parse);
    Arbitrary<PathMatch> path =
        Arbitraries.of(
            new PathMatch.Exact("/a"),
            new PathMatch.Exact("/a/b"),
            new PathMatch.Prefix("/"),
            new PathMatch.Prefix("/a"),
            new PathMatch.Prefix("/a/"),
            new PathMatch.Prefix("/a/b"),
            new PathMatch.Regex("/[ab]"),
            new PathMatch.Regex("/a/?.*"),
            new PathMatch.Regex("/.*"));
    Arbitrary<HeaderMatch> header =
        Arbitraries.of(
            new HeaderMatch.Exact("x", "1"),
            new HeaderMatch.Regex("x", "[12]"),
            new HeaderMatch.Exact("y", "1"));
    Arbitrary<QueryParamMatch> query =
        Arbitraries.of(new QueryParamMatch.Exact("q", "1"), new QueryParamMatch.Regex("q", "[12]"));
    Arbitrary<HttpRouteMatch> match =
        Combinators.combine(
                path.injectNull(0.2),
                header.list().ofMaxSize(2),
                query.list().ofMaxSize(1),
                Arbitraries.of("GET", "POST").injectNull(0.6))
            .as(HttpRouteMatch::new);
    return Combinators.combine(host.list().ofMaxSize(2), match.list().ofMaxSize(3))
        .as(Rule::new)
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<FakeRequest> requests() {
    return Combinators.combine(
            Arbitraries.of("GET", "POST"),
            Arbitraries.of("/", "/a", "/b", "/a/", "/a/b", "/a/c", "/a?q=1", "/a/b?q=2&r=1"),
            Arbitraries.of("a.b", "b", "x.a.b", "x.b:80", "other"),
            Arbitraries.maps(Arbitraries.of("x", "y"), Arbitraries.of("1", "2").list().ofMaxSize(2))
                .ofMaxSize(2))
        .as((m, p, a, h) -> new FakeRequest(m, p, a, Map.copyOf(h)));
  }
}
