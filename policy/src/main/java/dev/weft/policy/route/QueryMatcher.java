package dev.weft.policy.route;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** A compiled query condition. */
record QueryMatcher(String name, Predicate<CharSequence> test) {
  static QueryMatcher compile(QueryParamMatch match) {
    return switch (match) {
      case QueryParamMatch.Exact(String name, String value) ->
          new QueryMatcher(name, actual -> Chars.equal(actual, value));
      case QueryParamMatch.Regex(String name, String pattern) ->
          new QueryMatcher(name, LinearRegex.compile(pattern)::spans);
    };
  }

  /** Whether every condition is met by some parameter of the query behind the path. */
  static boolean all(List<QueryMatcher> conditions, CharSequence target, int pathEnd) {
    String query = queryOf(target, pathEnd);
    for (QueryMatcher condition : conditions) {
      if (!condition.matches(query)) {
        return false;
      }
    }
    return true;
  }

  private static String queryOf(CharSequence target, int pathEnd) {
    if (pathEnd >= target.length() || target.charAt(pathEnd) != '?') {
      return "";
    }
    String query = target.subSequence(pathEnd + 1, target.length()).toString();
    int fragment = query.indexOf('#');
    return fragment < 0 ? query : query.substring(0, fragment);
  }

  private boolean matches(String query) {
    int start = 0;
    while (start < query.length()) {
      int end = query.indexOf('&', start);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', start);
      boolean hasValue = equals >= 0 && equals < end;
      if (name.equals(decode(query, start, hasValue ? equals : end))
          && test.test(hasValue ? decode(query, equals + 1, end) : "")) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  /** Form decoding: plus is a blank, percent escapes are UTF-8, a broken escape stays as it is. */
  static String decode(String text, int start, int end) {
    boolean plain = true;
    for (int i = start; i < end && plain; i++) {
      plain = text.charAt(i) != '%' && text.charAt(i) != '+';
    }
    if (plain) {
      return text.substring(start, end);
    }
    byte[] bytes = text.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '+') {
        b = ' ';
      } else if (b == '%' && i + 2 < bytes.length) {
        int high = Character.digit(bytes[i + 1], 16);
        int low = Character.digit(bytes[i + 2], 16);
        if (high >= 0 && low >= 0) {
          b = (byte) (high << 4 | low);
          i += 2;
        }
      }
      bytes[length++] = b;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
