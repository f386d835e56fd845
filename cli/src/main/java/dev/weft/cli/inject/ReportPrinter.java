package dev.weft.cli.inject;

import dev.weft.cli.Glyph;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reports for people: what is worth knowing, by whom it concerns, then one line an object.
 *
 * @param coloured whether a terminal shows it
 * @param verbose whether to tell what is well, too
 */
record ReportPrinter(boolean coloured, boolean verbose) {
  void print(List<Report> reports, PrintWriter err) {
    err.println();
    Map<Report.Note, Set<String>> notes = new LinkedHashMap<>();
    for (Report report : reports) {
      for (Report.Note note : report.notes()) {
        notes.computeIfAbsent(note, _ -> new TreeSet<>()).add(report.subject());
      }
    }
    boolean refused = reports.stream().anyMatch(r -> r.outcome() == Report.Outcome.REFUSED);
    boolean any = false;
    for (Map.Entry<Report.Note, Set<String>> entry : notes.entrySet()) {
      boolean good = entry.getKey().good();
      if (!good || verbose) {
        Glyph glyph = good ? Glyph.OK : refused ? Glyph.FAILED : Glyph.WARNING;
        err.println(
            "%s %s: %s"
                .formatted(
                    glyph.shown(coloured),
                    String.join(", ", entry.getValue()),
                    entry.getKey().text()));
        any = true;
      }
    }
    if (reports.stream().allMatch(r -> r.outcome() == Report.Outcome.SKIPPED)) {
      err.println(Glyph.WARNING.shown(coloured) + " nothing here was changed");
      any = true;
    }
    if (refused) {
      err.println(
          Glyph.FAILED.shown(coloured) + " nothing is written, since something was refused");
    }
    if (any) {
      err.println();
    }
    reports.forEach(report -> err.println(report.summary()));
    err.println();
    err.flush();
  }
}
