package dev.weft.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A set of DNS suffixes, such as {@code svc.cluster.local.}: a name matches a suffix when it equals
 * it or ends with a dot and it. The suffix {@code .} matches every name. Trailing dots and case do
 * not count.
 *
 * @param suffixes lower case, without trailing dot; the empty string stands for {@code .}
 */
public record DnsSuffixes(List<String> suffixes) {
  /** Matches no name. */
  public static final DnsSuffixes NONE = new DnsSuffixes(List.of());

  public DnsSuffixes {
    List<String> plain = new ArrayList<>(suffixes.size());
    for (String suffix : suffixes) {
      plain.add(withoutDot(suffix.toLowerCase(Locale.ROOT)));
    }
    suffixes = List.copyOf(plain);
  }

  /** Whether {@code name} lies under one of the suffixes. */
  public boolean matches(String name) {
    String plain = withoutDot(name.toLowerCase(Locale.ROOT));
    for (String suffix : suffixes) {
      if (suffix.isEmpty()
          || plain.equals(suffix)
          || (plain.endsWith(suffix)
              && plain.charAt(plain.length() - suffix.length() - 1) == '.')) {
        return true;
      }
    }
    return false;
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
