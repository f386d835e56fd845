package dev.weft.kit.resources;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.KindHealth;
import dev.weft.resources.ResourceListener;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.SourceStatus;
import dev.weft.resources.Subscription;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Set;

/**
 * A source whose status is also metrics: {@code weft_resources_connected} and {@code
 * weft_resources_synced} (0 or 1), {@code weft_resources_problems}, {@code
 * weft_resources_changes_total}, {@code weft_resources_errors_total}, and {@code
 * weft_resources_objects}, {@code weft_resources_lost} and {@code weft_resources_denied} with label
 * {@code kind} for each kind once it is watched: how many objects, and whether changes are not seen
 * (0 or 1), for want of a connection or of a right.
 */
final class MeteredSource implements ResourceSource {
  private final ResourceSource source;
  private final MeterRegistry registry;

  MeteredSource(ResourceSource source, MeterRegistry registry) {
    this.source = source;
    this.registry = registry;
    Gauge.builder("weft_resources_connected", source, s -> s.status().connected() ? 1 : 0)
        .register(registry);
    Gauge.builder("weft_resources_synced", source, s -> s.status().synced() ? 1 : 0)
        .register(registry);
    Gauge.builder("weft_resources_problems", source, s -> s.status().problems().size())
        .register(registry);
    FunctionCounter.builder("weft_resources_changes", source, s -> s.status().changes())
        .register(registry);
    FunctionCounter.builder("weft_resources_errors", source, s -> s.status().errors())
        .register(registry);
  }

  @Override
  public Subscription watch(Set<ResourceKind> kinds, ResourceListener listener) {
    for (ResourceKind kind : kinds) {
      Gauge.builder(
              "weft_resources_objects", source, s -> s.status().objects().getOrDefault(kind, 0))
          .tags(Tags.of("kind", kind.metricName()))
          .register(registry);
      health("weft_resources_lost", kind, KindHealth.LOST);
      health("weft_resources_denied", kind, KindHealth.DENIED);
    }
    return source.watch(kinds, listener);
  }

  private void health(String name, ResourceKind kind, KindHealth health) {
    Gauge.builder(name, source, s -> s.status().kinds().get(kind) == health ? 1 : 0)
        .tags(Tags.of("kind", kind.metricName()))
        .register(registry);
  }

  @Override
  public SourceStatus status() {
    return source.status();
  }

  @Override
  public void close() {
    source.close();
  }
}
