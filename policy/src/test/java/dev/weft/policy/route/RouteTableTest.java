package dev.weft.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  @ParameterizedTest
  @CsvSource({
    "/a,     /a,      true",
    "/a,     /a/,     true",
    "/a,     /a/b,    true",
    "/a,     /ab,     false",
    "/a/,    /a,      true",
    "/a/,    /a/b?x,  true",
    "/,      /x,      true",
    "/,      *,       true",
    "/,      '',      true",
    "/a,     /a?q=/b, true",
    "/a,     /A,      false",
    "/a/b,   /a,      false",
  })
  void prefix_onPath_matchesWholeSegments(String prefix, String target, boolean expected) {
    assertThat(matches(HttpRouteMatch.prefix(prefix), FakeRequest.get(target))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"/a,/a,true", "/a,/a?b=c,true", "/a,/a/,false", "/a,/,false", "/a,/%61,false"})
  void exact_onPath_matchesVerbatim(String path, String target, boolean expected) {
    assertThat(matches(HttpRouteMatch.exact(path, null), FakeRequest.get(target)))
        .isEqualTo(expected);
  }

  @Test
  void regex_onPath_ignoresQuery() {
    var match = new HttpRouteMatch(new PathMatch.Regex("/[a-z]+"), List.of(), List.of(), null);
    assertThat(matches(match, FakeRequest.get("/abc?x=1"))).isTrue();
    assertThat(matches(match, FakeRequest.get("/abc/1"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "web.default,        web.default,      true",
    "web.default,        WEB.Default:8080, true",
    "web.default,        web.default.,     true",
    "web.default.,       web.default,      false",
    "web.default.,       web.default.:80,  true",
    "web.default,        u@web.default,    true",
    "web.default,        web.other,        false",
    "*.example.com,      a.example.com,    true",
    "*.example.com,      a.b.Example.com., true",
    "*.example.com,      example.com,      false",
    "*.example.com,      .example.com,     false",
    "*.example.com,      aexample.com,     false",
    "[::1],              [::1]:80,         true",
    "[::1],              [::1],            true",
  })
  void host_onAuthority_matchesWithoutPort(String host, String authority, boolean expected) {
    RouteTable<String> table =
        RouteTable.<String>builder().http(List.of(HostMatch.parse(host)), List.of(), "x").build();
    assertThat(table.find(FakeRequest.get("/").at(authority)) != null).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "a=1,          a, 1,   true",
    "b=2&a=1,      a, 1,   true",
    "a=1&a=2,      a, 2,   true",
    "a=%31,        a, 1,   true",
    "%61=1,        a, 1,   true",
    "a=x+y,        a, x y, true",
    "a=%zz,        a, %zz, true",
    "a=%C3%A9,     a, é,   true",
    "a,            a, '',  true",
    "a=1,          A, 1,   false",
    "a=12,         a, 1,   false",
    "x=a=1,        a, 1,   false",
    "b=1#a=1,      a, 1,   false",
  })
  void queryParam_exact_comparesDecoded(String query, String name, String value, boolean expected) {
    var match =
        new HttpRouteMatch(null, List.of(), List.of(new QueryParamMatch.Exact(name, value)), null);
    assertThat(matches(match, FakeRequest.get("/?" + query))).isEqualTo(expected);
  }

  @Test
  void header_anyOfSeveralValues_matches() {
    var exact =
        new HttpRouteMatch(null, List.of(new HeaderMatch.Exact("X-A", "2")), List.of(), null);
    assertThat(matches(exact, FakeRequest.get("/").with("x-a", "1", "2"))).isTrue();
    assertThat(matches(exact, FakeRequest.get("/").with("x-a", "1, 2"))).isFalse();
    var regex =
        new HttpRouteMatch(null, List.of(new HeaderMatch.Regex("x-a", "[0-9]+")), List.of(), null);
    assertThat(matches(regex, FakeRequest.get("/").with("X-A", "b", "7"))).isTrue();
    assertThat(matches(regex, FakeRequest.get("/"))).isFalse();
  }

  @Test
  void rules_ofDifferentPathKinds_areRankedByLengthOnly() {
    RouteTable<String> table =
        RouteTable.<String>builder()
            .http(List.of(), List.of(HttpRouteMatch.prefix("/")), "all")
            .http(List.of(), List.of(HttpRouteMatch.prefix("/a/b")), "prefix")
            .http(List.of(), List.of(HttpRouteMatch.exact("/a/b", null)), "exact")
            .build();
    assertThat(target(table, FakeRequest.get("/a/b"))).isEqualTo("prefix");
    assertThat(target(table, FakeRequest.get("/a/c"))).isEqualTo("all");
  }

  @Test
  void rule_onBetterHost_beatsLongerPath() {
    RouteTable<String> table =
        RouteTable.<String>builder()
            .http(List.of(), List.of(HttpRouteMatch.prefix("/a/b/c")), "any")
            .http(hosts("*.default"), List.of(HttpRouteMatch.prefix("/a/b")), "suffix")
            .http(hosts("web.default"), List.of(HttpRouteMatch.prefix("/a")), "exact")
            .build();
    assertThat(target(table, FakeRequest.get("/a/b/c"))).isEqualTo("exact");
    assertThat(target(table, FakeRequest.get("/a/b/c").at("x.default"))).isEqualTo("suffix");
    assertThat(target(table, FakeRequest.get("/a/b/c").at("x"))).isEqualTo("any");
  }

  @Test
  void rule_onBetterHostThatDoesNotMatch_fallsBackToWorseHost() {
    RouteTable<String> table =
        RouteTable.<String>builder()
            .http(List.of(), List.of(), "any")
            .http(hosts("web.default"), List.of(HttpRouteMatch.prefix("/a")), "exact")
            .build();
    assertThat(target(table, FakeRequest.get("/b"))).isEqualTo("any");
  }

  @Test
  void grpc_rankedByServiceThenMethod_onlyForPost() {
    RouteTable<String> table =
        RouteTable.<String>builder()
            .grpc(List.of(), List.of(GrpcRouteMatch.ANY), "any")
            .grpc(List.of(), List.of(new GrpcRouteMatch("", "Get", List.of())), "method")
            .grpc(List.of(), List.of(new GrpcRouteMatch("a.B", "", List.of())), "service")
            .build();
    assertThat(target(table, FakeRequest.call("/a.B/Get"))).isEqualTo("service");
    assertThat(target(table, FakeRequest.call("/a.C/Get"))).isEqualTo("method");
    assertThat(target(table, FakeRequest.call("/a.C/Put"))).isEqualTo("any");
    assertThat(target(table, FakeRequest.get("/a.B/Get"))).isNull();
    assertThat(target(table, FakeRequest.call("/a.B"))).isNull();
    assertThat(target(table, FakeRequest.call("/a.B/Get/x"))).isNull();
  }

  @Test
  void hit_ofPrefixRule_carriesTheMatch() {
    HttpRouteMatch match = HttpRouteMatch.prefix("/a");
    RouteTable<String> table =
        RouteTable.<String>builder().http(List.of(), List.of(match), "x").build();
    assertThat(table.find(FakeRequest.get("/a/b"))).isEqualTo(new RouteHit<>("x", match));
  }

  @Test
  void emptyTable_matchesNothing() {
    assertThat(RouteTable.builder().build().find(FakeRequest.get("/"))).isNull();
  }

  private static List<HostMatch> hosts(String host) {
    return List.of(HostMatch.parse(host));
  }

  private static boolean matches(HttpRouteMatch match, RequestContext request) {
    return RouteTable.<String>builder().http(List.of(), List.of(match), "x").build().find(request)
        != null;
  }

  private static @Nullable String target(RouteTable<String> table, RequestContext request) {
    RouteHit<String> hit = table.find(request);
    return hit == null ? null : hit.target();
  }
}
