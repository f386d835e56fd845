package dev.weft.policy.route;

import org.jspecify.annotations.Nullable;

/** A compiled path condition over the first {@code end} chars of a request target. */
sealed interface PathMatcher {
  boolean matches(CharSequence target, int end);

  /** Number of chars this condition accounts for on a path of the given length. */
  int length(int pathLength);

  static PathMatcher compile(@Nullable PathMatch match) {
    return switch (match) {
      case null -> new Prefix("");
      case PathMatch.Exact(String path) -> new Exact(path);
      case PathMatch.Prefix(String prefix) -> new Prefix(withoutTrailingSlashes(prefix));
      case PathMatch.Regex(String pattern) -> new Regex(LinearRegex.compile(pattern));
    };
  }

  private static String withoutTrailingSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  record Exact(String path) implements PathMatcher {
    @Override
    public boolean matches(CharSequence target, int end) {
      return end == path.length() && Chars.startsWith(target, path);
    }

    @Override
    public int length(int pathLength) {
      return path.length();
    }
  }

  /** The prefix has no trailing slash; empty accepts even {@code *} and the empty path. */
  record Prefix(String prefix) implements PathMatcher {
    @Override
    public boolean matches(CharSequence target, int end) {
      int length = prefix.length();
      return length == 0
          || (end >= length
              && (end == length || target.charAt(length) == '/')
              && Chars.startsWith(target, prefix));
    }

    @Override
    public int length(int pathLength) {
      return Math.max(1, prefix.length());
    }
  }

  record Regex(LinearRegex regex) implements PathMatcher {
    @Override
    public boolean matches(CharSequence target, int end) {
      return regex.spans(end == target.length() ? target : target.subSequence(0, end));
    }

    @Override
    public int length(int pathLength) {
      return pathLength;
    }
  }
}
