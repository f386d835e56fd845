package dev.weft.policyservice.index;

import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchRegistry;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.inbound.compile.NamespacePolicies;
import dev.weft.policy.inbound.compile.Workload;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.Problem;
import dev.weft.policyservice.wire.InboundEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The workloads of one namespace and the policies of their watched ports. Confined to a loop. */
final class NamespaceView {
  private record PortOf(WorkloadRef workload, int port) {}

  private final String namespace;
  private final InboundSettings settings;
  private final ObjectStore objects;
  private final Consumer<Problem> report;
  private final Map<WorkloadRef, Workload> workloads = new HashMap<>();
  private final WatchRegistry<PortOf, Answer<InboundPolicy, Server>> watched;

  /** Null when objects changed since it was compiled. */
  private @Nullable NamespacePolicies policies;

  private boolean objectsChanged;
  private final Set<WorkloadRef> workloadsChanged = new HashSet<>();
  private Set<Problem> problems = Set.of();

  NamespaceView(
      String namespace,
      InboundSettings settings,
      ObjectStore objects,
      Duration grace,
      Consumer<Problem> report) {
    this.namespace = namespace;
    this.settings = settings;
    this.objects = objects;
    this.report = report;
    watched = new WatchRegistry<>(grace);
  }

  void put(WorkloadRef ref, Workload workload) {
    if (!workload.equals(workloads.put(ref, workload))) {
      workloadsChanged.add(ref);
    }
  }

  void remove(WorkloadRef ref) {
    if (workloads.remove(ref) != null) {
      workloadsChanged.add(ref);
    }
  }

  void objectsChanged() {
    policies = null;
    objectsChanged = true;
  }

  Optional<Published<Answer<InboundPolicy, Server>>> watch(WorkloadRef ref, int port) {
    if (!workloads.containsKey(ref)) {
      return Optional.empty();
    }
    var key = new PortOf(ref, port);
    Published<Answer<InboundPolicy, Server>> published = watched.watch(key, this::compute);
    // What is kept may be older than the objects while a flush is due.
    published.publish(compute(key));
    return Optional.of(published);
  }

  void flush() {
    if (objectsChanged || !workloadsChanged.isEmpty()) {
      watched.forEach(
          (key, published) -> {
            if (objectsChanged || workloadsChanged.contains(key.workload())) {
              published.publish(compute(key));
            }
          });
      objectsChanged = false;
      workloadsChanged.clear();
    }
  }

  void sweep(long nowNanos) {
    watched.sweep(nowNanos);
  }

  boolean isEmpty() {
    return workloads.isEmpty() && watched.size() == 0;
  }

  private Answer<InboundPolicy, Server> compute(PortOf key) {
    Workload workload = workloads.get(key.workload());
    return workload == null
        ? new Answer.Gone<>()
        : new Answer.Live<>(policies().of(workload, key.port()), InboundEncoder::encode);
  }

  private NamespacePolicies policies() {
    NamespacePolicies compiled = policies;
    if (compiled == null) {
      compiled = NamespacePolicies.compile(settings, namespace, objects);
      policies = compiled;
      report(Set.copyOf(compiled.problems()));
    }
    return compiled;
  }

  private void report(Set<Problem> current) {
    for (Problem problem : current) {
      if (!problems.contains(problem)) {
        report.accept(problem);
      }
    }
    problems = current;
  }
}
