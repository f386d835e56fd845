package dev.weft.cli.check;

import java.util.List;
import java.util.Locale;

/**
 * How a result is shown.
 *
 * @param level success, warning or error
 * @param text what went wrong, or details of what is well
 */
record Verdict(Level level, List<String> text) {
  enum Level {
    SUCCESS,
    WARNING,
    ERROR;

    /** As in JSON. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The result in the light of the check's traits; skipped ones have no verdict. */
  static Verdict of(Check check, Result result) {
    return switch (result) {
      case Result.Ok ok -> new Verdict(Level.SUCCESS, ok.details());
      case Result.Skipped _ -> new Verdict(Level.SUCCESS, List.of());
      case Result.Warned warned -> new Verdict(Level.WARNING, lines(warned.reason()));
      case Result.Failed failed ->
          new Verdict(
              check.is(Check.Trait.WARNING) ? Level.WARNING : Level.ERROR, lines(failed.reason()));
    };
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }
}
