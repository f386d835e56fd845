package dev.weft.helm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Helm's error texts without the trail of templates through which they came. */
final class HelmMessage {
  private static final String DEBUG_HINT = "Use --debug flag to render out invalid YAML";

  /** What {@code fail} and {@code required} put at the end of the trail. */
  private static final Pattern REASON =
      Pattern.compile(
          "(?:error calling (?:fail|required)|execution error at \\([^)]*\\)): (.*)",
          Pattern.DOTALL);

  private HelmMessage() {}

  static String readable(String message) {
    String text = message.replace(DEBUG_HINT, "").strip();
    Matcher reason = REASON.matcher(text);
    while (reason.find()) {
      text = reason.group(1).strip();
      reason = REASON.matcher(text);
    }
    return text;
  }
}
