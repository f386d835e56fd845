package dev.weft.resources.decode;

import dev.weft.mesh.resource.Condition;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.OwnerReference;
import dev.weft.mesh.resource.ResourceKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decodes what objects of all kinds have in common. */
final class MetaDecoder {
  /** The namespace of a manifest which names none. */
  static final String DEFAULT_NAMESPACE = "default";

  private static final int MAX_NAME_LENGTH = 253;

  private MetaDecoder() {}

  static ObjectMeta meta(ResourceKind kind, Fields object, String version) {
    Fields meta = object.object("metadata");
    String namespace = kind.namespaced() ? meta.textOr("namespace", DEFAULT_NAMESPACE) : "";
    return new ObjectMeta(
        namespace.isEmpty() && kind.namespaced() ? DEFAULT_NAMESPACE : namespace,
        name(meta),
        meta.textOr("uid", ""),
        version,
        meta.has("generation") ? meta.longNumber("generation", 0, Long.MAX_VALUE) : 0,
        meta.time("creationTimestamp"),
        meta.time("deletionTimestamp"),
        meta.textMap("labels"),
        readAnnotations(meta.textMap("annotations")),
        meta.objects("ownerReferences", MetaDecoder::owner));
  }

  private static String name(Fields meta) {
    String name = meta.text("name");
    boolean lawful =
        name.length() <= MAX_NAME_LENGTH
            && name.chars().noneMatch(c -> c == '/' || Character.isWhitespace(c));
    if (!lawful) {
      throw meta.invalid("name", "at most 253 characters without '/' and blanks");
    }
    return name;
  }

  /** Only annotations which the mesh reads are kept: others may be large, and nobody reads them. */
  private static Map<String, String> readAnnotations(Map<String, String> all) {
    Map<String, String> read = new HashMap<>();
    all.forEach(
        (key, value) -> {
          int slash = key.indexOf('/');
          String domain = slash < 0 ? "" : key.substring(0, slash);
          if (domain.endsWith("linkerd.io")
              || domain.endsWith("weft.dev")
              || domain.equals("resource.opentelemetry.io")) {
            read.put(key, value);
          }
        });
    return read;
  }

  private static OwnerReference owner(Fields owner) {
    return new OwnerReference(
        owner.textOr("apiVersion", ""),
        owner.text("kind"),
        owner.text("name"),
        owner.textOr("uid", ""),
        owner.flagOr("controller", false));
  }

  /** The conditions under {@code status}. */
  static List<Condition> statusConditions(Fields object) {
    return conditions(object.childOrEmpty("status"));
  }

  static List<Condition> conditions(Fields status) {
    return status.objects(
        "conditions",
        condition ->
            new Condition(
                condition.text("type"),
                condition.text("status"),
                condition.textOr("reason", ""),
                condition.textOr("message", ""),
                condition.textOr("lastTransitionTime", "")));
  }

  /** A reference whose group may be left out, and whose kind and name may not. */
  static ObjectRef ref(Fields ref) {
    return new ObjectRef(
        ref.textOr("group", ""), ref.text("kind"), ref.textOr("namespace", ""), ref.text("name"));
  }

  /** A reference within the object's own namespace; a namespace there is not read. */
  static ObjectRef localRef(Fields ref) {
    return new ObjectRef(ref.textOr("group", ""), ref.text("kind"), "", ref.text("name"));
  }
}
