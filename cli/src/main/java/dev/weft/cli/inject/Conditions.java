package dev.weft.cli.inject;

import dev.weft.injection.Outcome;
import dev.weft.injection.SkipReason;
import dev.weft.injection.Workload;
import java.util.ArrayList;
import java.util.List;

/** What must hold of a pod to be injected, each with words for both cases. */
final class Conditions {
  private record Condition(SkipReason reason, String good) {}

  private static final List<Condition> ALL =
      List.of(
          new Condition(SkipReason.HOST_NETWORK, "it has a network of its own"),
          new Condition(SkipReason.SIDECAR_EXISTS, "no mesh is in it already"),
          new Condition(SkipReason.DISABLED, "it does not opt out"),
          new Condition(
              SkipReason.INVALID_AT_WORKLOAD, "its annotation linkerd.io/inject is valid"),
          new Condition(SkipReason.NO_TOKEN, "it has a service account token"));

  private static final String UDP = "it declares UDP ports, which bypass the proxy";

  private Conditions() {}

  static List<Report.Note> of(Workload workload, Outcome outcome) {
    List<SkipReason> against =
        outcome instanceof Outcome.Skipped skipped ? skipped.reasons() : List.of();
    List<Report.Note> notes = new ArrayList<>();
    for (Condition condition : ALL) {
      boolean good = !against.contains(condition.reason());
      notes.add(new Report.Note(good, good ? condition.good() : condition.reason().text()));
    }
    notes.add(
        workload.hasUdpPort()
            ? new Report.Note(false, UDP)
            : new Report.Note(true, "it declares no UDP ports"));
    return notes;
  }
}
