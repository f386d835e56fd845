package dev.weft.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.OwnerKind;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.resource.OwnerReference;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the workload of a pod: a replica set's deployment, a job's cron job, else the controller
 * itself. Controllers of kinds which the mesh does not know are none.
 */
final class Owners {
  private final ClusterFacts facts;
  private final Duration wait;

  Owners(ClusterFacts facts, Duration wait) {
    this.facts = facts;
    this.wait = wait;
  }

  Optional<PodOwner> of(ObjectNode pod, String namespace) {
    for (JsonNode reference : pod.path("metadata").path("ownerReferences")) {
      if (reference.path("controller").asBoolean(false)) {
        String name = reference.path("name").asText("");
        String uid = reference.path("uid").asText("");
        return OwnerKind.of(reference.path("kind").asText(""))
            .map(kind -> parent(kind, namespace, name, pod).orElse(PodOwner.of(kind, name, uid)));
      }
    }
    return Optional.empty();
  }

  private Optional<PodOwner> parent(OwnerKind kind, String namespace, String name, ObjectNode pod) {
    return switch (kind) {
      case REPLICA_SET ->
          controller(ResourceKind.REPLICA_SET, namespace, name)
              .orElseGet(() -> Parent.guessed(pod, name))
              .as(OwnerKind.DEPLOYMENT);
      case JOB ->
          controller(ResourceKind.JOB, namespace, name).orElse(Parent.NONE).as(OwnerKind.CRON_JOB);
      default -> Optional.empty();
    };
  }

  /** What controls an object; {@link Parent#NONE} where nothing does, empty where it is unknown. */
  private Optional<Parent> controller(ResourceKind kind, String namespace, String name) {
    return facts.find(kind, namespace, name, wait).map(Owners::controller);
  }

  private static Parent controller(Resource object) {
    for (OwnerReference owner : object.meta().ownerReferences()) {
      if (owner.controller()) {
        return new Parent(owner.kind(), owner.name(), owner.uid());
      }
    }
    return Parent.NONE;
  }

  private record Parent(String kind, String name, String uid) {
    static final Parent NONE = new Parent("", "", "");

    /** A deployment's replica set is named after it and the hash of its template. */
    static Parent guessed(ObjectNode pod, String replicaSet) {
      String hash = pod.path("metadata").path("labels").path(MeshKeys.POD_TEMPLATE_HASH).asText("");
      String end = "-" + hash;
      return !hash.isEmpty() && replicaSet.endsWith(end)
          ? new Parent(
              "Deployment", replicaSet.substring(0, replicaSet.length() - end.length()), "")
          : NONE;
    }

    Optional<PodOwner> as(OwnerKind wanted) {
      return kind.equals(wanted.kind())
          ? Optional.of(PodOwner.of(wanted, name, uid))
          : Optional.empty();
    }
  }
}
