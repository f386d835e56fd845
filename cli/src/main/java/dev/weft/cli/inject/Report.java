package dev.weft.cli.inject;

import java.util.List;
import java.util.Locale;

/**
 * What became of one object.
 *
 * @param kind in lower case, empty if the document has none
 * @param name its name
 * @param outcome in one word
 * @param notes what is worth knowing
 */
record Report(String kind, String name, Outcome outcome, List<Note> notes) {
  /** In one word. */
  enum Outcome {
    INJECTED,
    ANNOTATED,
    UNINJECTED,
    SKIPPED,
    /** Nothing of the whole input is written. */
    REFUSED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something worth knowing.
   *
   * @param good whether a condition holds, shown only on demand
   * @param text what it is
   */
  record Note(boolean good, String text) {}

  Report {
    notes = List.copyOf(notes);
  }

  /** {@code deployment/web}. */
  String subject() {
    return kind + "/" + name;
  }

  /** One line for the end of all. */
  String summary() {
    return kind.isEmpty()
        ? "document without a kind " + outcome.word()
        : "%s \"%s\" %s".formatted(kind, name, outcome.word());
  }
}
