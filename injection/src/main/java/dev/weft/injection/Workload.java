package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The pod, or the template of pods, in a manifest.
 *
 * @param manifest the whole object
 * @param pod its {@code metadata} and {@code spec} of a pod: a part of the manifest, so that a
 *     patch applied to it changes the manifest
 * @param owner the workload which pods of the template will belong to; empty for a pod itself
 */
public record Workload(ObjectNode manifest, ObjectNode pod, Optional<Owner> owner) {
  /** The pod in a manifest; empty for kinds without. */
  public static Optional<Workload> of(ObjectNode manifest) {
    String kind = manifest.path("kind").asText("");
    if (kind.equals("Pod")) {
      return Optional.of(new Workload(manifest, manifest, Optional.empty()));
    }
    return OwnerKind.of(kind)
        .flatMap(
            ownerKind -> {
              JsonNode spec = manifest.path("spec");
              JsonNode template =
                  ownerKind == OwnerKind.CRON_JOB
                      ? spec.path("jobTemplate").path("spec").path("template")
                      : spec.path("template");
              String name = manifest.path("metadata").path("name").asText("");
              return template instanceof ObjectNode found
                  ? Optional.of(
                      new Workload(manifest, found, Optional.of(new Owner(ownerKind, name))))
                  : Optional.empty();
            });
  }

  /** The namespace which the manifest names; empty where it names none. */
  public String namespace() {
    return manifest.path("metadata").path("namespace").asText("");
  }

  /** Whether this is a part of the mesh's own control plane. */
  public boolean isControlPlane() {
    return hasComponentLabel(manifest) || hasComponentLabel(pod);
  }

  /** Whether the pod declares a UDP port, which a proxy does not carry. */
  public boolean hasUdpPort() {
    return new PodView(pod).hasUdpPort();
  }

  static boolean hasComponentLabel(ObjectNode object) {
    return object.path("metadata").path("labels").has(Names.CONTROL_PLANE_COMPONENT);
  }
}
