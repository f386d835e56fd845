package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what becomes of pods and Services of one installation. Its answers depend on nothing but
 * what it is given; it changes none of that.
 *
 * <p>Immutable; safe for use by many threads.
 */
public final class Injector {
  private final Installation mesh;

  /** For pods that join this mesh. */
  public Injector(Installation mesh) {
    this.mesh = mesh;
  }

  /**
   * What becomes of a pod that is about to be created.
   *
   * @param pod the pod
   * @param namespace the namespace which it is created in; what its own metadata says does not
   *     count
   * @param owner the workload it belongs to in the end, if any
   */
  public Outcome inject(ObjectNode pod, NamespaceFacts namespace, Optional<Owner> owner) {
    Optional<Owner> labelled = owner.filter(o -> o.kind() != OwnerKind.CRON_JOB);
    return new PodInjection(mesh, pod, namespace, labelled, false).outcome();
  }

  /**
   * What becomes of a pod, or of the template of one, which somebody wants to be injected: nobody
   * needs to have opted in, but the pod may have opted out.
   *
   * @param pod {@code metadata} and {@code spec} of a pod; see {@link Workload}
   * @param namespace the namespace as far as it is known
   * @param owner the workload whose template this is, if it is one
   */
  public Outcome injectAsAsked(ObjectNode pod, NamespaceFacts namespace, Optional<Owner> owner) {
    return new PodInjection(mesh, pod, namespace, owner, true).outcome();
  }

  /**
   * What becomes of a Service that is about to be created: it is never injected, but its opaque
   * ports are noted.
   */
  public Outcome annotate(ObjectNode service, NamespaceFacts namespace) {
    Optional<String> opaque =
        OpaquePorts.ofService(service, namespace.annotations(), mesh.values().settings());
    List<PatchOperation> patch = opaque.map(ports -> opaquePatch(service, ports)).orElse(List.of());
    return new Outcome.Skipped(List.of(SkipReason.UNSUPPORTED), patch, List.of());
  }

  static List<PatchOperation> opaquePatch(ObjectNode object, String ports) {
    List<PatchOperation> patch = new ArrayList<>();
    JsonNode metadata = object.path("metadata");
    if (!metadata.isObject()) {
      patch.add(new PatchOperation("/metadata", JsonNodeFactory.instance.objectNode()));
    }
    if (metadata.path("annotations").isEmpty()) {
      patch.add(new PatchOperation("/metadata/annotations", JsonNodeFactory.instance.objectNode()));
    }
    patch.add(
        new PatchOperation(
            "/metadata/annotations/" + JsonPatch.escape(Names.OPAQUE_PORTS),
            JsonNodeFactory.instance.textNode(ports)));
    return patch;
  }

  /**
   * The annotations which a pod inherits: those of its namespace that it has not itself.
   *
   * @param own the pod's annotations
   * @param namespace the namespace's
   */
  static Map<String, String> inherited(Map<String, String> own, Map<String, String> namespace) {
    Map<String, String> inherited = new TreeMap<>();
    namespace.forEach(
        (key, value) -> {
          boolean counts =
              key.equals(Names.INJECT)
                  || ConfigAnnotation.of(key).filter(ConfigAnnotation::inherited).isPresent();
          if (counts && !own.containsKey(key)) {
            inherited.put(key, value);
          }
        });
    return inherited;
  }
}
