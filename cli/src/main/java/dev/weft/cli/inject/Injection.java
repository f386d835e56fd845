package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Injector;
import dev.weft.injection.JsonPatch;
import dev.weft.injection.Names;
import dev.weft.injection.NamespaceFacts;
import dev.weft.injection.Outcome;
import dev.weft.injection.SkipReason;
import dev.weft.injection.Uninjection;
import dev.weft.injection.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts manifests into the mesh: by annotations, which the webhook follows when pods are created, or
 * by hand, with the whole proxy. What an earlier injection left is taken out first, so that doing
 * it twice is doing it once.
 *
 * <p>Source: facts/cli-and-checks.md 1.8.
 *
 * @param injector of the mesh
 * @param annotations configuration that was asked for, written in its order
 * @param manual whether to add the whole proxy
 * @param mode value of the annotation {@code linkerd.io/inject}
 */
record Injection(Injector injector, Map<String, String> annotations, boolean manual, String mode)
    implements Transformation {
  /** Reasons for which nothing at all is printed. */
  private static final Set<SkipReason> ERRORS =
      Set.of(SkipReason.HOST_NETWORK, SkipReason.SIDECAR_EXISTS, SkipReason.NO_TOKEN);

  Injection {
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  @Override
  public Report apply(ObjectNode object) {
    Uninjection.uninject(object);
    String kind = object.path("kind").asText("");
    Optional<Workload> workload = Workload.of(object);
    if (workload.isPresent()) {
      return inject(object, workload.get());
    }
    return switch (kind) {
      case "Namespace" -> {
        annotations.forEach((key, value) -> annotate(object, key, value));
        annotate(object, Names.INJECT, mode);
        yield report(object, Report.Outcome.ANNOTATED, List.of());
      }
      case "Service" -> {
        String ports = annotations.get(Names.OPAQUE_PORTS);
        if (ports == null) {
          yield report(object, Report.Outcome.SKIPPED, List.of());
        }
        annotate(object, Names.OPAQUE_PORTS, ports);
        yield report(object, Report.Outcome.ANNOTATED, List.of());
      }
      default -> report(object, Report.Outcome.SKIPPED, List.of());
    };
  }

  private Report inject(ObjectNode object, Workload workload) {
    List<Report.Note> notes = new ArrayList<>();
    if (workload.isControlPlane() && !manual) {
      notes.add(
          new Report.Note(
              false,
              "it is a part of the control plane, which has proxies of its own; use --manual"));
      return report(object, Report.Outcome.REFUSED, notes);
    }
    ObjectNode before = workload.pod().deepCopy();
    annotations.forEach((key, value) -> annotate(workload.pod(), key, value));
    if (manual && mode.equals(Names.INGRESS)) {
      annotate(workload.pod(), Names.INJECT, mode);
    }
    Outcome outcome =
        injector.injectAsAsked(
            workload.pod(), NamespaceFacts.named(workload.namespace()), workload.owner());
    notes.addAll(Conditions.of(workload, outcome));
    outcome.warnings().forEach(warning -> notes.add(new Report.Note(false, warning)));
    return switch (outcome) {
      case Outcome.Refused refused -> {
        notes.add(new Report.Note(false, refused.message()));
        yield report(object, Report.Outcome.REFUSED, notes);
      }
      case Outcome.Skipped skipped -> {
        restore(workload.pod(), before);
        boolean error = skipped.reasons().stream().anyMatch(ERRORS::contains);
        yield report(object, error ? Report.Outcome.REFUSED : Report.Outcome.SKIPPED, notes);
      }
      case Outcome.Patched patched -> {
        if (manual) {
          JsonPatch.apply(workload.pod(), patched.patch());
        } else {
          annotate(workload.pod(), Names.INJECT, mode);
        }
        yield report(object, Report.Outcome.INJECTED, notes);
      }
    };
  }

  private static void restore(ObjectNode pod, ObjectNode before) {
    pod.removeAll();
    pod.setAll(before);
  }

  private static void annotate(ObjectNode object, String key, String value) {
    ObjectNode metadata =
        object.path("metadata") instanceof ObjectNode there ? there : object.putObject("metadata");
    ObjectNode texts =
        metadata.path("annotations") instanceof ObjectNode there
            ? there
            : metadata.putObject("annotations");
    texts.put(key, value);
  }

  static Report report(ObjectNode object, Report.Outcome outcome, List<Report.Note> notes) {
    return new Report(
        object.path("kind").asText("").toLowerCase(Locale.ROOT),
        object.path("metadata").path("name").asText(""),
        outcome,
        notes);
  }
}
