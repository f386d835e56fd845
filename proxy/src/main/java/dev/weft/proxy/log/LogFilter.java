package dev.weft.proxy.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;

/**
 * Which messages are written: comma-separated directives such as {@code warn,linkerd=info}, each a
 * level for everything or for one target and what lies below it. The longest target wins.
 *
 * <p>Targets are logger names; {@code linkerd} and {@code weft} both stand for this proxy, and
 * {@code ::} may be written for a dot. Parts in brackets or braces, which other proxies select
 * spans by, are left out.
 *
 * @param text as configured
 * @param root the level of targets without directive
 * @param directives longest target last
 */
record LogFilter(String text, Level root, List<Directive> directives) {
  private static final String OURS = "dev.weft";

  LogFilter {
    directives =
        directives.stream().sorted(Comparator.comparingInt(d -> d.target().length())).toList();
  }

  /**
   * A level for a target.
   *
   * @param target a logger name
   */
  record Directive(String target, Level level) {}

  /**
   * Reads directives.
   *
   * @throws IllegalArgumentException naming the directive that is none
   */
  static LogFilter parse(String text) {
    Level root = Level.OFF;
    List<Directive> directives = new ArrayList<>();
    boolean any = false;
    for (String part : text.replaceAll("\\[[^\\]]*\\]|\\{[^}]*\\}", "").split(",", -1)) {
      String directive = part.strip();
      if (directive.isEmpty()) {
        continue;
      }
      any = true;
      int equals = directive.indexOf('=');
      String name = equals < 0 ? "" : directive.substring(0, equals).strip();
      String levelText = directive.substring(equals + 1).strip();
      Optional<Level> level = level(levelText);
      if (level.isEmpty() && equals < 0 && isTarget(levelText)) {
        directives.add(new Directive(target(levelText), Level.ALL));
      } else if (level.isEmpty() || (equals >= 0 && !isTarget(name))) {
        throw new IllegalArgumentException(
            "log directive '"
                + directive
                + "' refused; cause: not LEVEL, TARGET or TARGET=LEVEL; fix: levels are off, error,"
                + " warn, info, debug, trace");
      } else if (equals < 0) {
        root = level.get();
      } else {
        directives.add(new Directive(target(name), level.get()));
      }
    }
    if (!any) {
      root = Level.SEVERE;
    }
    return new LogFilter(text, root, directives);
  }

  /** Whether nothing is ever written, nor the filter changed. */
  static boolean isOff(String text) {
    return text.strip().equalsIgnoreCase("off");
  }

  private static boolean isTarget(String text) {
    return text.matches("[A-Za-z_][\\w.:-]*");
  }

  private static Optional<Level> level(String text) {
    return Optional.ofNullable(
        switch (text.toLowerCase(Locale.ROOT)) {
          case "off" -> Level.OFF;
          case "error" -> Level.SEVERE;
          case "warn" -> Level.WARNING;
          case "info" -> Level.INFO;
          case "debug" -> Level.FINE;
          case "trace" -> Level.FINEST;
          default -> null;
        });
  }

  private static String target(String name) {
    String dotted = name.replace("::", ".");
    for (String alias : List.of("linkerd", "weft")) {
      if (dotted.equals(alias)) {
        return OURS;
      }
      if (dotted.startsWith(alias + ".")) {
        return OURS + ".proxy" + dotted.substring(alias.length());
      }
    }
    return dotted;
  }
}
