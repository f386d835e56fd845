package dev.weft.destination.index;

import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.OwnerReference;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what people call a workload: the Deployment rather than its replica set. */
final class Owners {
  private static final Set<String> ABOVE_REPLICA_SETS =
      Set.of("Job", "StatefulSet", "DaemonSet", "Deployment");

  /** The metric label of a kind is its name in lower case, with this one exception. */
  private static final Map<String, String> LABELS = Map.of("Job", "k8s_job");

  private Owners() {}

  /** The owner as metric label: kind and name. */
  record Owner(String label, String name) {
    private static Owner of(String kind, String name) {
      return new Owner(LABELS.getOrDefault(kind, kind.toLowerCase(Locale.ROOT)), name);
    }

    private static Owner of(OwnerReference owner) {
      return of(owner.kind(), owner.name());
    }
  }

  /** The owner of a pod; the pod itself where it has none or several. */
  static Owner of(Pod pod, ObjectStore store) {
    Optional<OwnerReference> single = single(pod.meta());
    if (single.isEmpty()) {
      return Owner.of("Pod", pod.meta().name());
    }
    OwnerReference owner = single.get();
    String namespace = pod.meta().namespace();
    Optional<OwnerReference> above =
        switch (owner.kind()) {
          case "ReplicaSet" ->
              single(store.replicaSet(namespace, owner.name()))
                  .filter(top -> ABOVE_REPLICA_SETS.contains(top.kind()));
          case "Job" -> single(store.job(namespace, owner.name()));
          default -> Optional.empty();
        };
    return Owner.of(above.orElse(owner));
  }

  /** The owner of an external workload, if it has just one. */
  static Optional<Owner> of(ExternalWorkload workload) {
    return single(workload.meta()).map(Owner::of);
  }

  private static Optional<OwnerReference> single(Optional<? extends Resource> resource) {
    return resource.flatMap(r -> single(r.meta()));
  }

  private static Optional<OwnerReference> single(ObjectMeta meta) {
    List<OwnerReference> owners = meta.ownerReferences();
    return owners.size() == 1 ? Optional.of(owners.getFirst()) : Optional.empty();
  }
}
