package dev.weft.proxy.forward;

import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.PathMatch;
import dev.weft.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Builds the answer of a redirect filter. A redirect to the very place the request was for is left
 * out, so that a policy cannot send a client in circles of length one.
 *
 * <p>Source: facts/proxy.md 3.5.
 */
final class Redirects {
  private static final int DEFAULT_STATUS = 301;

  private Redirects() {}

  static @Nullable Refusal apply(
      HttpFilter.Redirect redirect, RequestHead head, @Nullable HttpRouteMatch match) {
    String oldScheme = head.scheme.isEmpty() ? "http" : head.scheme.toString();
    String oldAuthority = head.effectiveAuthority().toString();
    String oldPath = head.path.toString();
    String scheme = redirect.scheme() == null ? oldScheme : redirect.scheme();
    String authority = authority(redirect, oldAuthority);
    String path;
    switch (redirect.path()) {
      case null -> path = oldPath;
      case HttpFilter.PathRewrite.Full(String full) -> path = full;
      case HttpFilter.PathRewrite.Prefix(String replacement) -> {
        if (match == null || !(match.path() instanceof PathMatch.Prefix(String prefix))) {
          return Refusal.of(
              Refusal.Cause.UNEXPECTED, "redirect replaces a prefix, but none was matched");
        }
        path = replaced(oldPath, prefix, replacement);
      }
    }
    String location = scheme + "://" + authority + path;
    if (location.equals(oldScheme + "://" + oldAuthority + oldPath)) {
      return null;
    }
    int status = redirect.status() == 0 ? DEFAULT_STATUS : redirect.status();
    return Refusal.redirect(status, location);
  }

  private static String authority(HttpFilter.Redirect redirect, String old) {
    int colon = old.endsWith("]") ? -1 : old.lastIndexOf(':');
    String oldHost = colon < 0 ? old : old.substring(0, colon);
    String oldPort = colon < 0 ? "" : old.substring(colon);
    String host = redirect.host().isEmpty() ? oldHost : redirect.host();
    return redirect.port() == 0 ? host + oldPort : host + ":" + redirect.port();
  }

  private static String replaced(String path, String prefix, String replacement) {
    String from = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    String rest = path.substring(Math.min(from.length(), path.length()));
    if (replacement.endsWith("/") && rest.startsWith("/")) {
      return replacement + rest.substring(1);
    }
    String joined = replacement + rest;
    return joined.startsWith("/") ? joined : "/" + joined;
  }
}
