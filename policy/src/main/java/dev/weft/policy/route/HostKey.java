package dev.weft.policy.route;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host condition in a form that groups and orders rules.
 *
 * @param kind 2 exact, 1 suffix, 0 any
 * @param text the host, or the domain without its wildcard, in lower case
 */
record HostKey(int kind, String text) {
  static final HostKey ANY = new HostKey(0, "");

  static final Comparator<HostKey> BEST_FIRST =
      Comparator.comparingInt(HostKey::kind).thenComparingInt(k -> k.text.length()).reversed();

  static HostKey of(HostMatch match) {
    return switch (match) {
      case HostMatch.Exact(String host) -> new HostKey(2, host.toLowerCase(Locale.ROOT));
      case HostMatch.Suffix suffix -> new HostKey(1, suffix.domain().toLowerCase(Locale.ROOT));
    };
  }

  @Nullable HostMatcher matcher() {
    return kind == 0 ? null : new HostMatcher(text, kind == 1);
  }
}
