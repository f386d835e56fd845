package dev.weft.policy.route;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** A request as plain values. */
public record FakeRequest(
    String method, String pathAndQuery, String authority, Map<String, List<String>> headers)
    implements RequestContext {

  public static FakeRequest get(String pathAndQuery) {
    return new FakeRequest("GET", pathAndQuery, "web.default", Map.of());
  }

  public static FakeRequest call(String path) {
    return new FakeRequest("POST", path, "web.default", Map.of());
  }

  public FakeRequest at(String newAuthority) {
    return new FakeRequest(method, pathAndQuery, newAuthority, headers);
  }

  public FakeRequest with(String header, String... values) {
    return new FakeRequest(method, pathAndQuery, authority, Map.of(header, List.of(values)));
  }

  @Override
  public boolean anyHeader(String lowerCaseName, Predicate<? super CharSequence> test) {
    return headers.entrySet().stream()
        .filter(e -> e.getKey().toLowerCase(Locale.ROOT).equals(lowerCaseName))
        .flatMap(e -> e.getValue().stream())
        .anyMatch(test);
  }
}
