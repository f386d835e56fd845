package dev.weft.injector;

import dev.weft.injection.ConfigAnnotation;
import dev.weft.injection.Names;
import dev.weft.injection.Outcome;
import dev.weft.injection.SkipReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The contract's counters of admissions. Their labels carry what people write into annotations, so
 * values are cut, and after {@link #MAX_SERIES} different ones the annotations are left out.
 */
final class InjectionMetrics {
  /** Most combinations of labels with annotations. */
  static final int MAX_SERIES = 2_000;

  private static final int MAX_VALUE_CHARS = 64;

  private static final List<ConfigAnnotation> LABELLED =
      Arrays.stream(ConfigAnnotation.values())
          .filter(a -> a.inherited() && a.key().startsWith(Names.CONFIG_PREFIX))
          .toList();

  private final MeterRegistry registry;
  private final Set<Tags> seen = ConcurrentHashMap.newKeySet();

  InjectionMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * What an admission is about.
   *
   * @param ownerKind kind of the owner, or of the object, in lower case
   * @param namespace of the object
   * @param own annotations of the object
   * @param inherited annotations of the namespace
   */
  record Subject(
      String ownerKind, String namespace, Map<String, String> own, Map<String, String> inherited) {}

  void requested(Subject subject) {
    Counter.builder("proxy_inject_admission_requests")
        .tags(tags(subject))
        .register(registry)
        .increment();
  }

  void responded(Subject subject, Outcome outcome) {
    String reasons =
        switch (outcome) {
          case Outcome.Patched _ -> "";
          case Outcome.Skipped skipped ->
              skipped.reasons().stream().map(SkipReason::key).collect(Collectors.joining(","));
          case Outcome.Refused _ -> "refused";
        };
    Counter.builder("proxy_inject_admission_responses")
        .tags(tags(subject))
        .tag("skip", String.valueOf(!(outcome instanceof Outcome.Patched)))
        .tag("skip_reason", reasons)
        .register(registry)
        .increment();
  }

  private Tags tags(Subject subject) {
    List<Tag> annotations = new ArrayList<>();
    for (ConfigAnnotation annotation : LABELLED) {
      String value =
          subject
              .own()
              .getOrDefault(
                  annotation.key(), subject.inherited().getOrDefault(annotation.key(), ""));
      annotations.add(Tag.of(label(annotation), cut(value)));
    }
    Tags tags = base(subject).and(annotations);
    if (seen.contains(tags) || (seen.size() < MAX_SERIES && seen.add(tags))) {
      return tags;
    }
    return base(subject).and(LABELLED.stream().map(a -> Tag.of(label(a), "")).toList());
  }

  private static Tags base(Subject subject) {
    String at =
        subject.own().containsKey(Names.INJECT)
            ? "workload"
            : subject.inherited().containsKey(Names.INJECT) ? "namespace" : "";
    return Tags.of(
        "owner_kind", subject.ownerKind(), "namespace", subject.namespace(), "annotation_at", at);
  }

  private static String label(ConfigAnnotation annotation) {
    return annotation.key().substring(Names.CONFIG_PREFIX.length()).replace('-', '_');
  }

  private static String cut(String value) {
    return value.length() > MAX_VALUE_CHARS ? value.substring(0, MAX_VALUE_CHARS) : value;
  }
}
