package dev.weft.mesh.resource;

/**
 * Points from one object to another by group, kind and name.
 *
 * @param group the group as written, or as its schema defaults it; empty and {@code core} are the
 *     same group
 * @param kind the kind as written
 * @param namespace the namespace; empty where the manifest leaves it to the reader
 * @param name the name
 */
public record ObjectRef(String group, String kind, String namespace, String name) {
  /** The word by which references name the core group. */
  public static final String CORE = "core";

  /** Whether the reference is of this kind. Groups and kinds compare without regard to case. */
  public boolean is(ResourceKind wanted) {
    return is(wanted.group(), wanted.kind());
  }

  /** Whether the reference is of this group and kind, without regard to case. */
  public boolean is(String wantedGroup, String wantedKind) {
    return coreOr(group).equalsIgnoreCase(coreOr(wantedGroup)) && kind.equalsIgnoreCase(wantedKind);
  }

  /** Whether the reference names a service account, a kind whose objects Weft does not read. */
  public boolean isServiceAccount() {
    return is(CORE, "ServiceAccount");
  }

  /** The namespace, or this one where the manifest leaves it out. */
  public String namespaceOr(String own) {
    return namespace.isEmpty() ? own : namespace;
  }

  private static String coreOr(String text) {
    return text.isEmpty() ? CORE : text;
  }
}
