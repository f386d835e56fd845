package dev.weft.cli.check;

import java.util.List;

/** What a check found. */
sealed interface Result {
  /**
   * All is well.
   *
   * @param details lines for the reader, usually none
   */
  record Ok(List<String> details) implements Result {
    public Ok {
      details = List.copyOf(details);
    }
  }

  /** The check does not apply here; nothing is reported. */
  record Skipped() implements Result {}

  /**
   * Something is wrong.
   *
   * @param reason what and where, with the values found
   */
  record Failed(String reason) implements Result {}

  /**
   * Something is worth knowing although the check itself is no mere warning.
   *
   * @param reason what and where
   */
  record Warned(String reason) implements Result {}

  /** All is well. */
  static Result ok(String... details) {
    return new Ok(List.of(details));
  }

  /** The check does not apply. */
  static Result skip() {
    return new Skipped();
  }

  /** Something is wrong. */
  static Result failed(String format, Object... values) {
    return new Failed(values.length == 0 ? format : format.formatted(values));
  }

  /** Well if nothing was found wrong, else failed with all that was. */
  static Result ofProblems(String what, List<String> problems) {
    return problems.isEmpty() ? ok() : failed("%s", what + lines(problems));
  }

  private static String lines(List<String> problems) {
    return ":\n  * " + String.join("\n  * ", problems);
  }
}
