package dev.weft.proxy.admin;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The environment as it may be shown: the admin port is reachable from other pods, so values that
 * look like secrets are not. Paths of files with secrets are no secrets.
 */
final class ShownEnvironment {
  static final String HIDDEN = "(hidden)";

  private static final Pattern SECRET =
      Pattern.compile("SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|PRIVATE|(API|ACCESS|AUTH)_?KEY");
  private static final Pattern HARMLESS = Pattern.compile(".*_(FILE|PATH|DIR|ADDR|NAME|URL)");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]+@");

  private ShownEnvironment() {}

  static Map<String, String> of(Map<String, String> environment) {
    Map<String, String> shown = new HashMap<>();
    environment.forEach((name, value) -> shown.put(name, shown(name, value)));
    return Map.copyOf(shown);
  }

  private static String shown(String name, String value) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (SECRET.matcher(upper).find() && !HARMLESS.matcher(upper).matches()) {
      return HIDDEN;
    }
    return USER_INFO.matcher(value).replaceAll("://" + HIDDEN + "@");
  }
}
